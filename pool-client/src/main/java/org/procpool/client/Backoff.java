package org.procpool.client;

import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts to connect, each anywhere in its upper half, so that clients do not march in step.
 */
final class Backoff {

    private static final long FIRST_NANOS = 50_000_000;
    private static final long MAX_NANOS = 5_000_000_000L;

    private final RandomGenerator random;
    private long pauseNanos = FIRST_NANOS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    long nextNanos() {
        long pause = pauseNanos;
        pauseNanos = Math.min(2 * pause, MAX_NANOS);
        return pause / 2 + random.nextLong(pause / 2 + 1);
    }
}
