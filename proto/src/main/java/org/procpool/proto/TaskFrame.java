package org.procpool.proto;

/** Supervisor to worker, data socket: run this. Units and ranges stand in worker.proto. */
public record TaskFrame(
        long dispatch, long taskId, int attempt, String name, long runTimeoutMillis, boolean retire, Payload payload)
        implements Frame {

    public static final int KIND = 2;

    /** Of a task that leaves its worker in its place. */
    public TaskFrame(long dispatch, long taskId, int attempt, String name, long runTimeoutMillis, Payload payload) {
        this(dispatch, taskId, attempt, name, runTimeoutMillis, false, payload);
    }

    /** The same with the payload elsewhere. */
    public TaskFrame withPayload(Payload value) {
        return new TaskFrame(dispatch, taskId, attempt, name, runTimeoutMillis, retire, value);
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, dispatch)
                + Wire.uintFieldSize(2, taskId)
                + Wire.uintFieldSize(3, Integer.toUnsignedLong(attempt))
                + Wire.stringFieldSize(4, name)
                + Wire.uintFieldSize(5, runTimeoutMillis)
                + Wire.uintFieldSize(8, retire ? 1 : 0)
                + Wire.bytesFieldSize(15, payload.size());
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, Integer.toUnsignedLong(attempt));
        Wire.writeStringField(out, 4, name);
        Wire.writeUintField(out, 5, runTimeoutMillis);
        Wire.writeUintField(out, 8, retire ? 1 : 0);
        Wire.writePayloadField(out, 15, payload);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static TaskFrame read(WireInput in, NameCache names) {
        long dispatch = 0;
        long taskId = 0;
        int attempt = 0;
        String name = "";
        long runTimeoutMillis = 0;
        boolean retire = false;
        Payload payload = Payload.EMPTY;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> attempt = Wire.readUint32(in);
                case 4 << 3 | Wire.BYTES -> name = names.read(in);
                case 5 << 3 | Wire.VARINT -> runTimeoutMillis = Wire.readVarint(in);
                case 8 << 3 | Wire.VARINT -> retire = Wire.readVarint(in) != 0;
                case 15 << 3 | Wire.BYTES -> payload = Payload.of(in.readBytes(Wire.readLength(in)));
                default -> Wire.skip(in, tag);
            }
        }
        return new TaskFrame(dispatch, taskId, attempt, name, runTimeoutMillis, retire, payload);
    }
}
