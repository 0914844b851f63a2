package org.procpool.proto;

import static org.procpool.proto.Wire.utf8;

/** Worker to supervisor, control socket: the answer to {@link EmptyFrame#DUMP}. */
public record ThreadDumpFrame(String text) implements Frame {

    public static final int KIND = 7;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.bytesFieldSize(1, utf8(text).length);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeBytesField(out, 1, utf8(text));
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ThreadDumpFrame read(WireInput in) {
        String text = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.BYTES -> text = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new ThreadDumpFrame(text);
    }
}
