package org.procpool.conductor;

import java.util.random.RandomGenerator;
import org.procpool.proto.Retry;

/**
 * How long to wait before a worker's place, or a task, is tried again: at once the first time, then doubling from 100
 * ms to 30 s, each with a jitter of ± 20 % so that many do not come back in step.
 */
final class Backoff {

    private static final long FIRST_NANOS = 100_000_000L;
    private static final long MAX_NANOS = 30_000_000_000L;
    private static final int DOUBLINGS_MAX = 16;
    private static final double JITTER = 0.2;

    /** A worker that served this many times its place's last delay has proven itself, and its place starts over. */
    private static final int PROBATION = 10;

    private static final long PROBATION_MIN_NANOS = 1_000_000_000L;
    /** So has one that finished this many tasks: its death is a task's doing, not the boot's. */
    private static final int PROBATION_RESULTS = 10;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The delay before the next try.
     *
     * @param repeats tries in a row that have failed before this one; 0 = try at once
     */
    long delayNanos(int repeats) {
        return repeats == 0 ? 0 : jittered(withoutJitterNanos(repeats));
    }

    /**
     * The delay before a task is tried again that has failed.
     *
     * @param failures so far, from 1
     */
    long delayNanos(Retry retry, int failures) {
        return jittered(retry.delayMillis(failures) * 1_000_000);
    }

    /** The delay, give or take a fifth. */
    long jittered(long delayNanos) {
        return (long) (delayNanos * (1 - JITTER + 2 * JITTER * random.nextDouble()));
    }

    /** Whether a worker's death is the first of a new row. */
    static boolean proven(long servedNanos, long results, int repeats) {
        return results >= PROBATION_RESULTS
                || servedNanos >= Math.max(PROBATION_MIN_NANOS, PROBATION * withoutJitterNanos(repeats));
    }

    private static long withoutJitterNanos(int repeats) {
        return repeats == 0 ? 0 : Math.min(FIRST_NANOS << Math.min(repeats - 1, DOUBLINGS_MAX), MAX_NANOS);
    }
}
