package org.procpool.proto;

import static org.procpool.proto.Wire.utf8;

/**
 * Supervisor to worker, data socket: run this, on a payload that lies in a file. Units and ranges stand in
 * worker.proto.
 */
public record SpooledTaskFrame(
        long dispatch,
        long taskId,
        int attempt,
        String name,
        long runTimeoutMillis,
        String path,
        int size,
        boolean retire,
        int room)
        implements Frame {

    public static final int KIND = 7;

    /**
     * The same task, told by where its payload lies.
     *
     * @param room of the file, for its result; 0 if that is not to go there
     */
    public static SpooledTaskFrame of(TaskFrame task, SpoolFile file, int room) {
        return new SpooledTaskFrame(
                task.dispatch(),
                task.taskId(),
                task.attempt(),
                task.name(),
                task.runTimeoutMillis(),
                file.path().toString(),
                file.size(),
                task.retire(),
                room);
    }

    /** The task, with that payload. */
    public TaskFrame with(Payload payload) {
        return new TaskFrame(dispatch, taskId, attempt, name, runTimeoutMillis, retire, payload);
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
                + Wire.bytesFieldSize(4, utf8(name).length)
                + Wire.uintFieldSize(5, runTimeoutMillis)
                + Wire.bytesFieldSize(6, utf8(path).length)
                + Wire.uintFieldSize(7, Integer.toUnsignedLong(size))
                + Wire.uintFieldSize(8, retire ? 1 : 0)
                + Wire.uintFieldSize(9, Integer.toUnsignedLong(room));
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, Integer.toUnsignedLong(attempt));
        Wire.writeBytesField(out, 4, utf8(name));
        Wire.writeUintField(out, 5, runTimeoutMillis);
        Wire.writeBytesField(out, 6, utf8(path));
        Wire.writeUintField(out, 7, Integer.toUnsignedLong(size));
        Wire.writeUintField(out, 8, retire ? 1 : 0);
        Wire.writeUintField(out, 9, Integer.toUnsignedLong(room));
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static SpooledTaskFrame read(WireInput in) {
        long dispatch = 0;
        long taskId = 0;
        int attempt = 0;
        String name = "";
        long runTimeoutMillis = 0;
        String path = "";
        int size = 0;
        boolean retire = false;
        int room = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> attempt = Wire.readUint32(in);
                case 4 << 3 | Wire.BYTES -> name = Wire.readString(in);
                case 5 << 3 | Wire.VARINT -> runTimeoutMillis = Wire.readVarint(in);
                case 6 << 3 | Wire.BYTES -> path = Wire.readString(in);
                case 7 << 3 | Wire.VARINT -> size = Wire.readUint32(in);
                case 8 << 3 | Wire.VARINT -> retire = Wire.readVarint(in) != 0;
                case 9 << 3 | Wire.VARINT -> room = Wire.readUint32(in);
                default -> Wire.skip(in, tag);
            }
        }
        return new SpooledTaskFrame(dispatch, taskId, attempt, name, runTimeoutMillis, path, size, retire, room);
    }
}
