package org.procpool.bench;

/**
 * When each unfinished task of a connection was sent, by its correlation. Correlations go up one by one; a number whose
 * place is still taken by a much older task is left out. Owned by one load thread; allocates nothing after it was made.
 */
final class InFlight {

    static final long UNKNOWN = Long.MIN_VALUE;

    private static final int PLACES_MIN = 1024;
    /** So many times the window can pass by a task that takes long before numbers are left out. */
    private static final int ROOM = 4;

    /** 0 = free. */
    private final long[] correlations;

    private final long[] sentNanos;
    private final int mask;
    private long last;
    private int size;

    InFlight(int window) {
        int places = Integer.highestOneBit(Math.max(PLACES_MIN, window * ROOM) - 1) << 1;
        correlations = new long[places];
        sentNanos = new long[places];
        mask = places - 1;
    }

    int size() {
        return size;
    }

    /** Takes the next free correlation, from 1; there must be fewer tasks than the window. */
    long add(long nowNanos) {
        do {
            last++;
        } while (correlations[(int) last & mask] != 0);
        int place = (int) last & mask;
        correlations[place] = last;
        sentNanos[place] = nowNanos;
        size++;
        return last;
    }

    /** When it was sent, or {@link #UNKNOWN} if there is no such task, or no more. */
    long remove(long correlation) {
        int place = (int) correlation & mask;
        if (correlation == 0 || correlations[place] != correlation) {
            return UNKNOWN;
        }
        correlations[place] = 0;
        size--;
        return sentNanos[place];
    }
}
