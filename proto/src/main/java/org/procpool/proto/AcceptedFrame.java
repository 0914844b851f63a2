package org.procpool.proto;

/** Service to client: a run of submissions is accepted. */
public record AcceptedFrame(long correlation, long taskId, int more) implements Frame {

    public static final int KIND = 2;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation)
                + Wire.uintFieldSize(2, taskId)
                + Wire.uintFieldSize(3, Integer.toUnsignedLong(more));
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, Integer.toUnsignedLong(more));
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static AcceptedFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        int more = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> more = Wire.readUint32(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new AcceptedFrame(correlation, taskId, more);
    }
}
