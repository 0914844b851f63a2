package org.procpool.proto;

import java.util.Arrays;

/**
 * Reads names that come again and again, such as those of tasks: one that came before is found by its bytes, eight at a
 * time, and no string is made. Remembers the last {@value #PLACES} at most, whatever its peer sends. Not thread-safe.
 */
public final class NameCache {

    static final int PLACES = 64;
    /** Longer names are read anew each time. */
    private static final int BYTES_MAX = 64;
    /** 2^64 divided by the golden ratio, which spreads numbers over the highest bits (Knuth, TAOCP 3, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int PLACE_SHIFT = Long.numberOfLeadingZeros(PLACES) + 1;

    // By place: the names, their bytes in words, and how many bytes that are; 0 while the place is free.
    private final String[] names = new String[PLACES];
    private final long[][] words = new long[PLACES][0];
    private final int[] lengths = new int[PLACES];

    private final long[] wanted = new long[BYTES_MAX / Long.BYTES];

    /** Reads a string field, of which the tag has been read. */
    public String read(WireInput in) {
        int start = in.position();
        int length = Wire.readLength(in);
        if (length == 0 || length > BYTES_MAX) {
            in.position(start);
            return Wire.readString(in);
        }
        int count = 0;
        long hash = length;
        for (int rest = length; rest > 0; rest -= Long.BYTES) {
            long word = word(in, Math.min(rest, Long.BYTES));
            wanted[count++] = word;
            hash = (hash ^ word) * SPREAD;
        }
        int place = (int) (hash >>> PLACE_SHIFT);
        if (lengths[place] == length && Arrays.equals(words[place], 0, count, wanted, 0, count)) {
            return names[place];
        }
        in.position(start);
        String name = Wire.readString(in);
        names[place] = name;
        words[place] = Arrays.copyOf(wanted, count);
        lengths[place] = length;
        return name;
    }

    /** @param bytes how many of the word are the name's, from 1 */
    private static long word(WireInput in, int bytes) {
        if (in.remaining() >= Long.BYTES) {
            long word = in.peekWord();
            in.position(in.position() + bytes);
            return word & -1L >>> Long.SIZE - Byte.SIZE * bytes;
        }
        long word = 0;
        for (int i = 0; i < bytes; i++) {
            word |= (in.readByte() & 0xFFL) << Byte.SIZE * i;
        }
        return word;
    }
}
