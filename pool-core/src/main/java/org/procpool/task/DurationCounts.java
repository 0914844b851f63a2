package org.procpool.task;

import java.util.Arrays;

/**
 * How many durations lay in which range: ten ranges a decade, from 1 µs to 1,000 s. Immutable.
 *
 * @param buckets how many in each range, the last one without an upper bound; not to be changed
 * @param sumNanos of all durations
 */
public record DurationCounts(long[] buckets, long sumNanos) {

    private static final int[] TENTHS = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};
    private static final int DECADES = 9;
    private static final long SMALLEST_NANOS = 1_000;
    /** Upper bounds, inclusive. */
    private static final long[] BOUNDS = bounds();
    /** By the length of a number in bits: the first range that it can be in. */
    private static final int[] FIRST_RANGES = firstRanges();

    private static long[] bounds() {
        long[] bounds = new long[DECADES * TENTHS.length + 1];
        long decade = SMALLEST_NANOS / 10;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = decade * TENTHS[i % TENTHS.length];
            if (i % TENTHS.length == TENTHS.length - 1) {
                decade *= 10;
            }
        }
        return bounds;
    }

    private static int[] firstRanges() {
        int[] first = new int[Long.SIZE];
        for (int bits = 1; bits < Long.SIZE; bits++) {
            int range = Arrays.binarySearch(BOUNDS, 1L << (bits - 1));
            first[bits] = range < 0 ? -range - 1 : range;
        }
        return first;
    }

    public static DurationCounts none() {
        return new DurationCounts(new long[ranges()], 0);
    }

    /** Number of ranges, the one without an upper bound included. */
    public static int ranges() {
        return BOUNDS.length + 1;
    }

    /** The range that the duration lies in. */
    public static int rangeOf(long nanos) {
        if (nanos <= SMALLEST_NANOS) {
            return 0;
        }
        int range = FIRST_RANGES[Long.SIZE - Long.numberOfLeadingZeros(nanos)];
        while (range < BOUNDS.length && nanos > BOUNDS[range]) {
            range++;
        }
        return range;
    }

    /** Upper bound of a range, inclusive; Long.MAX_VALUE for the last. */
    public static long boundNanos(int range) {
        return range == BOUNDS.length ? Long.MAX_VALUE : BOUNDS[range];
    }

    public long count() {
        long count = 0;
        for (long bucket : buckets) {
            count += bucket;
        }
        return count;
    }

    public DurationCounts plus(DurationCounts other) {
        return combined(other, 1);
    }

    /** What came after the earlier one. */
    public DurationCounts since(DurationCounts earlier) {
        return combined(earlier, -1);
    }

    private DurationCounts combined(DurationCounts other, int sign) {
        long[] all = new long[ranges()];
        for (int i = 0; i < all.length; i++) {
            all[i] = buckets[i] + sign * other.buckets[i];
        }
        return new DurationCounts(all, sumNanos + sign * other.sumNanos);
    }

    /**
     * The duration that so great a share was not longer than, as well as the ranges tell; 0 if there are none.
     *
     * @param share above 0, up to 1
     */
    public long quantileNanos(double share) {
        long rank = (long) Math.ceil(share * count());
        long below = 0;
        for (int range = 0; rank > 0 && range < buckets.length; range++) {
            if (below + buckets[range] >= rank) {
                return within(range, (double) (rank - below) / buckets[range]);
            }
            below += buckets[range];
        }
        return 0;
    }

    private static long within(int range, double share) {
        long from = range == 0 ? 0 : BOUNDS[range - 1];
        long to = range == BOUNDS.length ? from : BOUNDS[range];
        return from + (long) (share * (to - from));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DurationCounts counts
                && Arrays.equals(buckets, counts.buckets)
                && sumNanos == counts.sumNanos;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(buckets);
    }

    @Override
    public String toString() {
        return count() + " durations, " + Durations.format(sumNanos) + " in all";
    }
}
