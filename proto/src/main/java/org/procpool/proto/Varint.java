package org.procpool.proto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Variable-length numbers by whole words: the groups of seven bits are spread over the bytes of one word, or gathered
 * from it, in three steps each, without a loop. A frame has dozens of them, of all lengths, so what a loop costs most
 * is the processor's wrong guesses of where it ends. Whether a number has one byte it guesses well, since one place in
 * the code mostly handles such numbers only, or never.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/#varints">protobuf encoding, varints</a>
 */
public final class Varint {

    /** Bytes that {@link #put} may touch from its position on, whatever the value. */
    public static final int ROOM_BYTES = 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BUFFER_LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MORE = 0x8080808080808080L;
    /** Of the value, in the eight groups that a word has room for. */
    private static final int WORD_BITS = 56;

    private static final int WORD_BYTES_AND_ONE = Long.BYTES + 1;

    private Varint() {}

    /** Bytes that the value needs, 1 to 10. */
    public static int size(long value) {
        // A division by 7 of all that can be, as a multiplication.
        return 10 * Long.SIZE - 9 * Long.numberOfLeadingZeros(value | 1) >>> 6;
    }

    /**
     * Writes the value.
     *
     * @param target has {@link #ROOM_BYTES} from {@code at} on; those behind the value may be overwritten
     * @return the position behind the value
     */
    public static int put(byte[] target, int at, long value) {
        if ((value & ~0x7FL) == 0) {
            target[at] = (byte) value;
            return at + 1;
        }
        int size = size(value);
        LONG.set(target, at, word(value, size));
        if (size > Long.BYTES) {
            target[at + 8] = ninth(value);
            target[at + 9] = tenth(value);
        }
        return at + size;
    }

    /** The same into a buffer, by absolute position. */
    public static int put(ByteBuffer target, int at, long value) {
        if ((value & ~0x7FL) == 0) {
            target.put(at, (byte) value);
            return at + 1;
        }
        int size = size(value);
        BUFFER_LONG.set(target, at, word(value, size));
        if (size > Long.BYTES) {
            target.put(at + 8, ninth(value));
            target.put(at + 9, tenth(value));
        }
        return at + size;
    }

    /** The first bytes of a value that has more than one. */
    private static long word(long value, int size) {
        return spread(value & (1L << WORD_BITS) - 1) | MORE >>> 8 * Math.max(0, WORD_BYTES_AND_ONE - size);
    }

    private static byte ninth(long value) {
        // The highest bit of ten bytes' values is at the same time the mark that another byte follows.
        return (byte) (value >>> WORD_BITS);
    }

    private static byte tenth(long value) {
        return (byte) (value >>> Long.SIZE - 1);
    }

    /** Bytes of the value at the beginning of the word, 1 to 8; 0 if it does not end there. */
    public static int sizeIn(long word) {
        long ends = ~word & MORE;
        return ends == 0 ? 0 : (Long.numberOfTrailingZeros(ends) >>> 3) + 1;
    }

    /** The value at the beginning of the word; if it does not end there, its lowest 56 bits. */
    public static long get(long word) {
        long end = Long.lowestOneBit(~word & MORE);
        long x = word & ~MORE & (end << 1) - 1;
        x = x & 0x007F007F007F007FL | (x & 0x7F007F007F007F00L) >>> 1;
        x = x & 0x00003FFF00003FFFL | (x & 0x3FFF00003FFF0000L) >>> 2;
        return x & 0x0FFFFFFFL | (x & 0x0FFFFFFF00000000L) >>> 4;
    }

    private static long spread(long value) {
        long x = value & 0x0FFFFFFFL | (value & 0x00FFFFFFF0000000L) << 4;
        x = x & 0x00003FFF00003FFFL | (x & 0x0FFFC0000FFFC000L) << 2;
        return x & 0x007F007F007F007FL | (x & 0x3F803F803F803F80L) << 1;
    }
}
