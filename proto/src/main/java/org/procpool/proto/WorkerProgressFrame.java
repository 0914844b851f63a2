package org.procpool.proto;

/** Worker to supervisor, data socket: how far a running handler is. */
public record WorkerProgressFrame(long dispatch, double fraction, String note) implements Frame {

    public static final int KIND = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, dispatch) + Wire.doubleFieldSize(2, fraction) + Wire.stringFieldSize(3, note);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
        Wire.writeDoubleField(out, 2, fraction);
        Wire.writeStringField(out, 3, note);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static WorkerProgressFrame read(WireInput in) {
        long dispatch = 0;
        double fraction = 0;
        String note = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                case 2 << 3 | Wire.FIXED64 -> fraction = Double.longBitsToDouble(Wire.readFixed64(in));
                case 3 << 3 | Wire.BYTES -> note = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new WorkerProgressFrame(dispatch, fraction, note);
    }
}
