package org.procpool.conductor.simulation;

/** The promised pace of repeats: at once, then 100 ms doubling to 30 s, give or take a fifth. */
final class Delays {

    private static final long FIRST_NANOS = 100 * Swarm.MILLI;
    private static final long MAX_NANOS = 30 * Swarm.SECOND;

    private Delays() {}

    static long nominal(int repeats) {
        return repeats == 0 ? 0 : repeats > 10 ? MAX_NANOS : Math.min(MAX_NANOS, FIRST_NANOS << repeats - 1);
    }

    static long min(int repeats) {
        return nominal(repeats) * 4 / 5 - 1;
    }

    static long max(int repeats) {
        return nominal(repeats) * 6 / 5 + 1;
    }
}
