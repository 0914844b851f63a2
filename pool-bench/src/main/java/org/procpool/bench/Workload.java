package org.procpool.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireOutput;

/**
 * The tasks of a run: writes them, each with a payload of its own, and tells whether a result is the one that is due.
 * Payloads are letters, so that tasks on text can take them; the first eight spell the correlation. Owned by one load
 * thread; allocates nothing after it was made.
 */
final class Workload {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int STAMP_BYTES = Long.BYTES;
    private static final int PAYLOAD_FIELD = 15;
    /** Of so many results one is compared from end to end, the others by length, stamp and last letter. */
    private static final int WHOLE_EVERY = 1024;

    /** What the result of a task must be. */
    private enum Due {
        SAME,
        REVERSED,
        ANYTHING
    }

    private final Due due;
    private final byte[] taskField;
    private final byte[] payload;
    private final int constantBytes;

    private final boolean stamped;

    Workload(String task, int payloadBytes) {
        this(task, letters(payloadBytes), true);
    }

    /** @param stamped whether the payload begins with the correlation, if it is long enough */
    Workload(String task, byte[] payload, boolean stamped) {
        this.payload = payload;
        this.stamped = stamped && payload.length >= STAMP_BYTES;
        due = switch (task) {
            case "echo" -> Due.SAME;
            case "reverse" -> Due.REVERSED;
            default -> Due.ANYTHING;
        };
        taskField = Wire.utf8(task);
        constantBytes = Wire.bytesFieldSize(2, taskField.length) + Wire.bytesFieldSize(PAYLOAD_FIELD, payload.length);
    }

    /** So many, always the same. */
    static byte[] letters(int count) {
        Random random = new Random(42);
        byte[] letters = new byte[count];
        for (int i = 0; i < count; i++) {
            letters[i] = (byte) ('a' + random.nextInt(26));
        }
        return letters;
    }

    /** Appends the Submit frame of a task. */
    void writeTo(WireOutput out, long correlation) {
        if (stamped) {
            LONGS.set(payload, 0, stamp(correlation));
        }
        Wire.writeFrameHead(out, SubmitFrame.KIND, Wire.uintFieldSize(1, correlation) + constantBytes);
        Wire.writeUintField(out, 1, correlation);
        Wire.writeBytesField(out, 2, taskField);
        Wire.writeBytesField(out, PAYLOAD_FIELD, payload);
    }

    /** The low 32 bits in eight letters, a to p, one for every four. */
    static long stamp(long correlation) {
        long spread = correlation & 0xFFFF_FFFFL;
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFFL;
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FFL;
        spread = (spread | spread << 4) & 0x0F0F_0F0F_0F0F_0F0FL;
        return spread + 0x6161_6161_6161_6161L;
    }

    /**
     * Whether the bytes are what the task must give.
     *
     * @param in big-endian; not moved
     */
    boolean isRight(long correlation, ByteBuffer in, int start, int length) {
        return switch (due) {
            case ANYTHING -> true;
            case SAME -> length == payload.length && isSame(correlation, in, start);
            case REVERSED -> length == payload.length && isReversed(correlation, in, start);
        };
    }

    private boolean isSame(long correlation, ByteBuffer in, int start) {
        int length = payload.length;
        if (length >= STAMP_BYTES && in.getLong(start) != stamp(correlation)) {
            return false;
        }
        int from = length >= STAMP_BYTES ? firstCompared(correlation, length) : 0;
        for (int i = from; i < length; i++) {
            if (in.get(start + i) != payload[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isReversed(long correlation, ByteBuffer in, int start) {
        int length = payload.length;
        if (length >= STAMP_BYTES
                && in.getLong(start + length - STAMP_BYTES) != Long.reverseBytes(stamp(correlation))) {
            return false;
        }
        int from = length >= STAMP_BYTES ? firstCompared(correlation, length) : 0;
        for (int i = from; i < length; i++) {
            if (in.get(start + length - 1 - i) != payload[i]) {
                return false;
            }
        }
        return true;
    }

    private static int firstCompared(long correlation, int length) {
        return correlation % WHOLE_EVERY == 0 ? STAMP_BYTES : Math.max(STAMP_BYTES, length - 1);
    }
}
