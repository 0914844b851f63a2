package org.procpool.proto;

/**
 * Worker to supervisor, data socket: how an offer ended. Units and ranges stand in worker.proto.
 *
 * @param payloadFree whether the file of the task's payload may get another one
 */
public record WorkerResultFrame(
        long dispatch,
        boolean failed,
        long runNanos,
        boolean retire,
        String errorType,
        String errorMessage,
        String errorStack,
        String outputTail,
        boolean payloadFree,
        Payload payload)
        implements Frame {

    public static final int KIND = 3;

    /** The answer of a handler that returned, of a task whose payload lay in no file. */
    public static WorkerResultFrame returned(long dispatch, long runNanos, boolean retire, Payload payload) {
        return returned(dispatch, runNanos, retire, false, payload);
    }

    /** The answer of a handler that returned. */
    public static WorkerResultFrame returned(
            long dispatch, long runNanos, boolean retire, boolean payloadFree, Payload payload) {
        return new WorkerResultFrame(dispatch, false, runNanos, retire, "", "", "", "", payloadFree, payload);
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int bodySize() {
        return Wire.uintFieldSize(1, dispatch)
                + Wire.uintFieldSize(2, failed ? 1 : 0)
                + Wire.uintFieldSize(3, runNanos)
                + Wire.uintFieldSize(4, retire ? 1 : 0)
                + Wire.stringFieldSize(5, errorType)
                + Wire.stringFieldSize(6, errorMessage)
                + Wire.stringFieldSize(7, errorStack)
                + Wire.stringFieldSize(8, outputTail)
                + Wire.uintFieldSize(9, payloadFree ? 1 : 0)
                + Wire.bytesFieldSize(15, payload.size());
    }

    @Override
    public void writeBody(WireOutput out) {
        Wire.writeUintField(out, 1, dispatch);
        Wire.writeUintField(out, 2, failed ? 1 : 0);
        Wire.writeUintField(out, 3, runNanos);
        Wire.writeUintField(out, 4, retire ? 1 : 0);
        Wire.writeStringField(out, 5, errorType);
        Wire.writeStringField(out, 6, errorMessage);
        Wire.writeStringField(out, 7, errorStack);
        Wire.writeStringField(out, 8, outputTail);
        Wire.writeUintField(out, 9, payloadFree ? 1 : 0);
        Wire.writePayloadField(out, 15, payload);
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static WorkerResultFrame read(WireInput in) {
        long dispatch = 0;
        boolean failed = false;
        long runNanos = 0;
        boolean retire = false;
        String errorType = "";
        String errorMessage = "";
        String errorStack = "";
        String outputTail = "";
        boolean payloadFree = false;
        Payload payload = Payload.EMPTY;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> dispatch = Wire.readVarint(in);
                case 2 << 3 | Wire.VARINT -> failed = Wire.readVarint(in) != 0;
                case 3 << 3 | Wire.VARINT -> runNanos = Wire.readVarint(in);
                case 4 << 3 | Wire.VARINT -> retire = Wire.readVarint(in) != 0;
                case 5 << 3 | Wire.BYTES -> errorType = Wire.readString(in);
                case 6 << 3 | Wire.BYTES -> errorMessage = Wire.readString(in);
                case 7 << 3 | Wire.BYTES -> errorStack = Wire.readString(in);
                case 8 << 3 | Wire.BYTES -> outputTail = Wire.readString(in);
                case 9 << 3 | Wire.VARINT -> payloadFree = Wire.readVarint(in) != 0;
                case 15 << 3 | Wire.BYTES -> payload = Payload.of(in.readBytes(Wire.readLength(in)));
                default -> Wire.skip(in, tag);
            }
        }
        return new WorkerResultFrame(
                dispatch,
                failed,
                runNanos,
                retire,
                errorType,
                errorMessage,
                errorStack,
                outputTail,
                payloadFree,
                payload);
    }
}
