package org.procpool.proto;

/** Worker to supervisor, data socket: the handler of this offer begins now. Only from workers without a recorder. */
public record StartedFrame(long dispatch) implements Frame {

    public static final int KIND = 8;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, dispatch);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static StartedFrame read(WireInput in) {
        long dispatch = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new StartedFrame(dispatch);
    }
}
