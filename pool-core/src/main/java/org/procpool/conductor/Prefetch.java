package org.procpool.conductor;

/**
 * How many offers a worker may hold: enough that it never waits for the next one, and not more. Deep for tasks of
 * microseconds, one for those that run longer than it takes to fetch another. Owned by the conductor's thread.
 */
final class Prefetch {

    /** So much work is lined up behind what runs: several times what a round trip to the supervisor takes. */
    private static final long AHEAD_NANOS = 2_000_000L;
    /** A longer run counts as this long, so that one of hours is forgotten after a few short ones. */
    private static final long RUN_NANOS_MAX = 10 * AHEAD_NANOS;

    private static final int WEIGHT = 8;

    private final int depthMax;
    private long averageNanos = AHEAD_NANOS;
    private int depth;

    Prefetch(int depthMax) {
        this.depthMax = depthMax;
        this.depth = Math.min(depthMax, 2);
    }

    int depth() {
        return depth;
    }

    /** A task has run that long, as the worker says. */
    void ran(long runNanos) {
        averageNanos += (Math.min(Math.max(runNanos, 0), RUN_NANOS_MAX) - averageNanos) / WEIGHT;
        depth = (int) Math.min(depthMax, 1 + AHEAD_NANOS / Math.max(1, averageNanos));
    }
}
