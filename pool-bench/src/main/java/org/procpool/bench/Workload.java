package org.procpool.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Varint;
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
    private static final int CORRELATION_FIELD = 1;
    private static final int TASK_FIELD = 2;
    private static final int PAYLOAD_FIELD = 15;
    /** Room to begin with, for the name and the lengths. */
    private static final int TASK_BYTES = 64;

    private static final int HEAD_BYTES_MAX = 32;
    /** Of so many results one is compared from end to end, the others by length, stamp and last letter. */
    private static final int WHOLE_EVERY = 1024;

    /** What the result of a task must be. */
    private enum Due {
        SAME,
        REVERSED,
        ANYTHING
    }

    private final Due due;
    /** What comes behind the correlation in each frame: the name, and last the payload. */
    private final byte[] rest;

    private final int payloadAt;
    private final int payloadBytes;

    /** What comes before the correlation, if that has {@link #correlationBytes}. */
    private byte[] head = {};

    private int correlationBytes;

    private final boolean stamped;

    Workload(String task, int payloadBytes) {
        this(task, letters(payloadBytes), true);
    }

    /** @param stamped whether the payload begins with the correlation, if it is long enough */
    Workload(String task, byte[] payload, boolean stamped) {
        this.stamped = stamped && payload.length >= STAMP_BYTES;
        due = switch (task) {
            case "echo" -> Due.SAME;
            case "reverse" -> Due.REVERSED;
            default -> Due.ANYTHING;
        };
        ByteBufferOutput out = new ByteBufferOutput(false, TASK_BYTES, Integer.MAX_VALUE);
        Wire.writeStringField(out, TASK_FIELD, task);
        if (payload.length > 0) {
            out.writeVarintField(Wire.tag(PAYLOAD_FIELD, Wire.BYTES), payload.length);
        }
        payloadAt = out.size();
        payloadBytes = payload.length;
        rest = Arrays.copyOf(bytes(out), payloadAt + payloadBytes);
        System.arraycopy(payload, 0, rest, payloadAt, payloadBytes);
    }

    private static byte[] bytes(ByteBufferOutput out) {
        byte[] bytes = new byte[out.size()];
        out.content().get(bytes);
        return bytes;
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
            LONGS.set(rest, payloadAt, stamp(correlation));
        }
        int size = Varint.size(correlation);
        if (size != correlationBytes) {
            correlationBytes = size;
            head = head(size);
        }
        out.writeBytes(head, 0, head.length);
        out.writeVarint(correlation);
        out.writeBytes(rest, 0, rest.length);
    }

    private byte[] head(int size) {
        ByteBufferOutput out = new ByteBufferOutput(false, HEAD_BYTES_MAX, Integer.MAX_VALUE);
        Wire.writeFrameHead(out, SubmitFrame.KIND, 1 + size + rest.length);
        out.writeByte(Wire.tag(CORRELATION_FIELD, Wire.VARINT));
        return bytes(out);
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
            case SAME -> length == payloadBytes && isSame(correlation, in, start);
            case REVERSED -> length == payloadBytes && isReversed(correlation, in, start);
        };
    }

    private boolean isSame(long correlation, ByteBuffer in, int start) {
        int length = payloadBytes;
        if (length >= STAMP_BYTES && in.getLong(start) != stamp(correlation)) {
            return false;
        }
        int from = length >= STAMP_BYTES ? firstCompared(correlation, length) : 0;
        for (int i = from; i < length; i++) {
            if (in.get(start + i) != rest[payloadAt + i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isReversed(long correlation, ByteBuffer in, int start) {
        int length = payloadBytes;
        if (length >= STAMP_BYTES
                && in.getLong(start + length - STAMP_BYTES) != Long.reverseBytes(stamp(correlation))) {
            return false;
        }
        int from = length >= STAMP_BYTES ? firstCompared(correlation, length) : 0;
        for (int i = from; i < length; i++) {
            if (in.get(start + length - 1 - i) != rest[payloadAt + i]) {
                return false;
            }
        }
        return true;
    }

    private static int firstCompared(long correlation, int length) {
        return correlation % WHOLE_EVERY == 0 ? STAMP_BYTES : Math.max(STAMP_BYTES, length - 1);
    }
}
