package org.procpool.proto;

/** Service to client: how far a running task is. */
public record ProgressFrame(long correlation, long taskId, double fraction, String note) implements Frame {

    public static final int KIND = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation)
                + Wire.uintFieldSize(2, taskId)
                + Wire.doubleFieldSize(3, fraction)
                + Wire.stringFieldSize(4, note);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeDoubleField(out, 3, fraction);
        Wire.writeStringField(out, 4, note);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ProgressFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        double fraction = 0;
        String note = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.FIXED64 -> fraction = Double.longBitsToDouble(Wire.readFixed64(in));
                case 4 << 3 | Wire.BYTES -> note = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new ProgressFrame(correlation, taskId, fraction, note);
    }
}
