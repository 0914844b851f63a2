package org.procpool.bench;

import java.time.Duration;

/**
 * When the parts of a run begin and end, in nanoseconds of {@link System#nanoTime}.
 *
 * @param measureFrom end of the warm-up
 * @param measureUntil from here on nothing more is sent
 * @param giveUp tasks that are still out then are UNANSWERED
 */
record Schedule(long start, long measureFrom, long measureUntil, long giveUp) {

    private static final long PIECE_NANOS_MIN = 50_000_000;
    private static final int PIECES = 120;
    private static final long LAST_ANSWERS_NANOS = 10_000_000_000L;

    static Schedule of(BenchOptions options, long nowNanos) {
        return of(options.warmup(), options.duration(), nowNanos);
    }

    static Schedule of(Duration warmup, Duration duration, long nowNanos) {
        long from = nowNanos + warmup.toNanos();
        long until = from + duration.toNanos();
        return new Schedule(nowNanos, from, until, until + LAST_ANSWERS_NANOS);
    }

    boolean isMeasured(long nanos) {
        return nanos - measureFrom >= 0 && nanos - measureUntil < 0;
    }

    /** The measured time is looked at in pieces of this length; some hundred of them, but none too short to count. */
    long pieceNanos() {
        return Math.max(PIECE_NANOS_MIN, (measureUntil - measureFrom) / PIECES);
    }

    int pieces() {
        return (int) Math.max(1, (measureUntil - measureFrom) / pieceNanos());
    }

    /** The piece of a moment that is measured; what is left over at the end belongs to the last. */
    int piece(long nanos) {
        return (int) Math.min((nanos - measureFrom) / pieceNanos(), pieces() - 1L);
    }

    boolean isSending(long nanos) {
        return nanos - measureUntil < 0;
    }

    boolean isOver(long nanos) {
        return nanos - giveUp >= 0;
    }
}
