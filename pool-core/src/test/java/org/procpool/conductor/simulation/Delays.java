package org.procpool.conductor.simulation;

import org.procpool.proto.Retry;

/** The promised pace of repeats: at once, then 100 ms doubling to 30 s, give or take a fifth. */
final class Delays {

    private static final long FIRST_NANOS = 100 * Swarm.MILLI;
    private static final long MAX_NANOS = 30 * Swarm.SECOND;

    private Delays() {}

    static long nominal(int repeats) {
        return repeats == 0 ? 0 : repeats > 10 ? MAX_NANOS : Math.min(MAX_NANOS, FIRST_NANOS << repeats - 1);
    }

    static long min(int repeats) {
        return least(nominal(repeats));
    }

    static long max(int repeats) {
        return most(nominal(repeats));
    }

    /** After that many failures, as the task says. */
    static long nominal(Retry retry, int failures) {
        long first = retry.backoffMillis() == 0 ? 100 : retry.backoffMillis();
        long most = retry.backoffMaxMillis() == 0 ? 30_000 : retry.backoffMaxMillis();
        return Math.min(most, first << failures - 1) * Swarm.MILLI;
    }

    static long least(long nominal) {
        return nominal * 4 / 5 - 1;
    }

    static long most(long nominal) {
        return nominal * 6 / 5 + 1;
    }
}
