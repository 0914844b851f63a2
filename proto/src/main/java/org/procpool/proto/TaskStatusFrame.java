package org.procpool.proto;

/** Service to client: where a task stands. Answers Cancel and Query. */
public record TaskStatusFrame(long correlation, long taskId, TaskState state, String detail) implements Frame {

    public static final int KIND = 5;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation)
                + Wire.uintFieldSize(2, taskId)
                + Wire.uintFieldSize(3, state.code())
                + Wire.stringFieldSize(4, detail);
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, state.code());
        Wire.writeStringField(out, 4, detail);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static TaskStatusFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        TaskState state = TaskState.GONE;
        String detail = "";
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> state = TaskState.ofCode(Wire.readUint32(in));
                case 4 << 3 | Wire.BYTES -> detail = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new TaskStatusFrame(correlation, taskId, state, detail);
    }
}
