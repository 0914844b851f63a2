package org.procpool.conductor;

/** When the last restarts were, so that no span of the window's length ever sees more than allowed. Not thread-safe. */
final class RestartBudget {

    private final long[] spentNanos;
    private final long windowNanos;
    private long spent;

    RestartBudget(int restartsMax, long windowNanos) {
        this.spentNanos = new long[restartsMax];
        this.windowNanos = windowNanos;
    }

    /** When the next restart may be; not after {@code nowNanos} if it may be now. */
    long freeFromNanos(long nowNanos) {
        return countAtMostFromNanos(spentNanos.length - 1, nowNanos);
    }

    /** When no more than so many restarts lie within the window. */
    long countAtMostFromNanos(int count, long nowNanos) {
        if (spent <= count) {
            return nowNanos;
        }
        return spentNanos[(int) ((spent - 1 - count) % spentNanos.length)] + windowNanos;
    }

    void spend(long nowNanos) {
        spentNanos[(int) (spent % spentNanos.length)] = nowNanos;
        spent++;
    }
}
