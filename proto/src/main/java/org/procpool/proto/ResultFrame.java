package org.procpool.proto;

import org.jspecify.annotations.Nullable;

/** Service to client: the one outcome of a task. Units and ranges stand in client.proto. */
public record ResultFrame(
        long correlation,
        long taskId,
        OutcomeKind outcome,
        int workerId,
        long workerPid,
        int attempts,
        long queuedMicros,
        long runMicros,
        @Nullable TaskError error,
        Payload payload)
        implements Frame {

    public static final int KIND = 3;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, correlation)
                + Wire.uintFieldSize(2, taskId)
                + Wire.uintFieldSize(3, outcome.code())
                + Wire.uintFieldSize(4, Integer.toUnsignedLong(workerId))
                + Wire.uintFieldSize(5, workerPid)
                + Wire.uintFieldSize(6, Integer.toUnsignedLong(attempts))
                + Wire.uintFieldSize(7, queuedMicros)
                + Wire.uintFieldSize(8, runMicros)
                + (error == null ? 0 : messageFieldSize(errorSize(error)))
                + Wire.bytesFieldSize(15, payload.size());
    }

    private static int messageFieldSize(int size) {
        return 1 + Varint.size(size) + size;
    }

    private static int errorSize(TaskError error) {
        return Wire.stringFieldSize(1, error.type())
                + Wire.stringFieldSize(2, error.message())
                + Wire.stringFieldSize(3, error.stack())
                + Wire.stringFieldSize(4, error.outputTail())
                + Wire.stringFieldSize(5, error.autopsy());
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, correlation);
        Wire.writeUintField(out, 2, taskId);
        Wire.writeUintField(out, 3, outcome.code());
        Wire.writeUintField(out, 4, Integer.toUnsignedLong(workerId));
        Wire.writeUintField(out, 5, workerPid);
        Wire.writeUintField(out, 6, Integer.toUnsignedLong(attempts));
        Wire.writeUintField(out, 7, queuedMicros);
        Wire.writeUintField(out, 8, runMicros);
        if (error != null) {
            out.writeVarint(Wire.tag(9, Wire.BYTES));
            out.writeVarint(errorSize(error));
            Wire.writeStringField(out, 1, error.type());
            Wire.writeStringField(out, 2, error.message());
            Wire.writeStringField(out, 3, error.stack());
            Wire.writeStringField(out, 4, error.outputTail());
            Wire.writeStringField(out, 5, error.autopsy());
        }
        Wire.writePayloadField(out, 15, payload);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ResultFrame read(WireInput in) {
        long correlation = 0;
        long taskId = 0;
        OutcomeKind outcome = OutcomeKind.UNKNOWN;
        int workerId = 0;
        long workerPid = 0;
        int attempts = 0;
        long queuedMicros = 0;
        long runMicros = 0;
        TaskError error = null;
        Payload payload = Payload.EMPTY;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> taskId = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> outcome = OutcomeKind.ofCode(Wire.readUint32(in));
                case 4 << 3 | Wire.VARINT -> workerId = Wire.readUint32(in);
                case 5 << 3 | Wire.VARINT -> workerPid = Wire.readVarint(in);
                case 6 << 3 | Wire.VARINT -> attempts = Wire.readUint32(in);
                case 7 << 3 | Wire.VARINT -> queuedMicros = Wire.readVarint(in);
                case 8 << 3 | Wire.VARINT -> runMicros = Wire.readVarint(in);
                case 9 << 3 | Wire.BYTES -> error = readError(in, error);
                case 15 << 3 | Wire.BYTES -> payload = Payload.of(in.readBytes(Wire.readLength(in)));
                default -> Wire.skip(in, tag);
            }
        }
        return new ResultFrame(
                correlation, taskId, outcome, workerId, workerPid, attempts, queuedMicros, runMicros, error, payload);
    }

    /** A message field that comes twice adds to what came before, as in protobuf. */
    private static TaskError readError(WireInput in, @Nullable TaskError before) {
        int length = Wire.readLength(in);
        int outerLimit = in.limit(in.position() + length);
        String type = before == null ? "" : before.type();
        String message = before == null ? "" : before.message();
        String stack = before == null ? "" : before.stack();
        String outputTail = before == null ? "" : before.outputTail();
        String autopsy = before == null ? "" : before.autopsy();
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.BYTES -> type = Wire.readString(in);
                case 2 << 3 | Wire.BYTES -> message = Wire.readString(in);
                case 3 << 3 | Wire.BYTES -> stack = Wire.readString(in);
                case 4 << 3 | Wire.BYTES -> outputTail = Wire.readString(in);
                case 5 << 3 | Wire.BYTES -> autopsy = Wire.readString(in);
                default -> Wire.skip(in, tag);
            }
        }
        in.limit(outerLimit);
        return new TaskError(type, message, stack, outputTail, autopsy);
    }
}
