package org.procpool.proto;

/** Worker to supervisor, control socket: the answer to {@link EmptyFrame#DUMP}. */
public record ThreadDumpFrame(String text) implements Frame {

    public static final int KIND = 7;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.stringFieldSize(1, text);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeStringField(out, 1, text);
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
