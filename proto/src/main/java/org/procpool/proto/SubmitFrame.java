package org.procpool.proto;

/** Client to service: run this. Units and ranges stand in client.proto. */
public record SubmitFrame(
        long correlation,
        String task,
        int priority,
        long ttlMillis,
        long runTimeoutMillis,
        int maxAttempts,
        boolean detach,
        String key,
        Retry retry,
        boolean retireWorker,
        Payload payload)
        implements Frame {

    public static final int KIND = 2;

    /** What a Submit that names no priority gets, of 0 to 9. */
    public static final int PRIORITY_DEFAULT = 4;

    /** Of a task that prefers no worker, is not tried again when it fails, and leaves its worker in its place. */
    public SubmitFrame(
            long correlation,
            String task,
            int priority,
            long ttlMillis,
            long runTimeoutMillis,
            int maxAttempts,
            boolean detach,
            Payload payload) {
        this(
                correlation,
                task,
                priority,
                ttlMillis,
                runTimeoutMillis,
                maxAttempts,
                detach,
                "",
                Retry.NEVER,
                false,
                payload);
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation)
                + Wire.stringFieldSize(2, task)
                + prioritySize()
                + Wire.uintFieldSize(4, ttlMillis)
                + Wire.uintFieldSize(5, runTimeoutMillis)
                + Wire.uintFieldSize(6, Integer.toUnsignedLong(maxAttempts))
                + Wire.uintFieldSize(7, detach ? 1 : 0)
                + Wire.stringFieldSize(8, key)
                + Wire.uintFieldSize(10, Integer.toUnsignedLong(retry.attempts()))
                + Wire.uintFieldSize(11, retry.backoffMillis())
                + Wire.uintFieldSize(12, retry.backoffMaxMillis())
                + Wire.uintFieldSize(13, retireWorker ? 1 : 0)
                + Wire.bytesFieldSize(15, payload.size());
    }

    private int prioritySize() {
        return priority == PRIORITY_DEFAULT ? 0 : 1 + Varint.size(Integer.toUnsignedLong(priority));
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeStringField(out, 2, task);
        // An optional field: 0 is a value of its own and is written.
        if (priority != PRIORITY_DEFAULT) {
            out.writeVarint(Wire.tag(3, Wire.VARINT));
            out.writeVarint(Integer.toUnsignedLong(priority));
        }
        Wire.writeUintField(out, 4, ttlMillis);
        Wire.writeUintField(out, 5, runTimeoutMillis);
        Wire.writeUintField(out, 6, Integer.toUnsignedLong(maxAttempts));
        Wire.writeUintField(out, 7, detach ? 1 : 0);
        Wire.writeStringField(out, 8, key);
        Wire.writeUintField(out, 10, Integer.toUnsignedLong(retry.attempts()));
        Wire.writeUintField(out, 11, retry.backoffMillis());
        Wire.writeUintField(out, 12, retry.backoffMaxMillis());
        Wire.writeUintField(out, 13, retireWorker ? 1 : 0);
        Wire.writePayloadField(out, 15, payload);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static SubmitFrame read(WireInput in, NameCache names) {
        long correlation = 0;
        String task = "";
        int priority = PRIORITY_DEFAULT;
        long ttlMillis = 0;
        long runTimeoutMillis = 0;
        int maxAttempts = 0;
        boolean detach = false;
        String key = "";
        Retry retry = Retry.NEVER;
        boolean retireWorker = false;
        Payload payload = Payload.EMPTY;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.BYTES -> task = names.read(in);
                case 3 << 3 | Wire.VARINT -> priority = Wire.readUint32(in);
                case 4 << 3 | Wire.VARINT -> ttlMillis = Wire.readVarint(in);
                case 5 << 3 | Wire.VARINT -> runTimeoutMillis = Wire.readVarint(in);
                case 6 << 3 | Wire.VARINT -> maxAttempts = Wire.readUint32(in);
                case 7 << 3 | Wire.VARINT -> detach = Wire.readVarint(in) != 0;
                case 8 << 3 | Wire.BYTES -> key = Wire.readString(in);
                case 10 << 3 | Wire.VARINT ->
                    retry = new Retry(Wire.readUint32(in), retry.backoffMillis(), retry.backoffMaxMillis());
                case 11 << 3 | Wire.VARINT -> retry = retry.withBackoffMillis(Wire.readVarint(in));
                case 12 << 3 | Wire.VARINT -> retry = retry.withBackoffMaxMillis(Wire.readVarint(in));
                case 13 << 3 | Wire.VARINT -> retireWorker = Wire.readVarint(in) != 0;
                case 15 << 3 | Wire.BYTES -> payload = Payload.of(in.readBytes(Wire.readLength(in)));
                default -> Wire.skip(in, tag);
            }
        }
        return new SubmitFrame(
                correlation,
                task,
                priority,
                ttlMillis,
                runTimeoutMillis,
                maxAttempts,
                detach,
                key,
                retry,
                retireWorker,
                payload);
    }
}
