package org.procpool.proto;

/** Client to service: end this task, of any connection. Answered by {@link TaskStatusFrame}. */
public record ClientCancelFrame(long correlation, long taskId) implements Frame {

    public static final int KIND = 3;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation) + Wire.uintFieldSize(2, taskId);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ClientCancelFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new ClientCancelFrame(correlation, taskId);
    }
}
