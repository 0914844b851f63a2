package org.procpool.proto;

/**
 * Client to service: the outcome or the state of a task, please. Answered by {@link ResultFrame} or {@link
 * TaskStatusFrame}.
 */
public record QueryFrame(long correlation, long taskId, long waitMillis) implements Frame {

    public static final int KIND = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation) + Wire.uintFieldSize(2, taskId) + Wire.uintFieldSize(3, waitMillis);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, waitMillis);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static QueryFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        long waitMillis = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> waitMillis = Wire.readVarint(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new QueryFrame(correlation, taskId, waitMillis);
    }
}
