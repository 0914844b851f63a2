package org.procpool.server.http;

import java.util.ArrayDeque;

/** How long the pool's loop takes to begin with something new, as those who ask it see. Not thread-safe. */
final class LoopLag {

    private static final long KEPT_NANOS = 60_000_000_000L;

    private final ArrayDeque<Lag> lags = new ArrayDeque<>();
    private long askedNanos;
    private long lastNanos;

    private record Lag(long atNanos, long nanos) {}

    void asked(long nowNanos) {
        askedNanos = nowNanos;
    }

    /** @param loopNanos when the loop began with the answer, on the same clock */
    void answered(long loopNanos) {
        lastNanos = Math.max(0, loopNanos - askedNanos);
        while (!lags.isEmpty() && loopNanos - lags.getFirst().atNanos > KEPT_NANOS) {
            lags.removeFirst();
        }
        // What is smaller than a later one is never the greatest again.
        while (!lags.isEmpty() && lags.getLast().nanos <= lastNanos) {
            lags.removeLast();
        }
        lags.addLast(new Lag(loopNanos, lastNanos));
    }

    long lastNanos() {
        return lastNanos;
    }

    /** Within the last minute. */
    long greatestNanos() {
        return lags.isEmpty() ? 0 : lags.getFirst().nanos;
    }
}
