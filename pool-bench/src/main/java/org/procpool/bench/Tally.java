package org.procpool.bench;

import java.util.BitSet;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one load thread has seen. Owned by that thread until it has ended. */
final class Tally {

    private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;
    private static final int LATENCY_DIGITS = 3;
    private static final int PIECE_DIGITS = 2;

    final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, LATENCY_DIGITS);
    final TreeMap<String, Long> errors = new TreeMap<>();
    /** How late tasks of an open loop were sent. */
    final Histogram lagNanos = new Histogram(LATENCY_NANOS_MAX, PIECE_DIGITS);
    /** Latencies by when they ended; made when the first comes. */
    final @Nullable Histogram[] pieces;

    final BitSet workers = new BitSet();
    long completed;
    String firstError = "";

    Tally() {
        this(0);
    }

    /** @param pieceCount how many pieces the measured time has */
    Tally(int pieceCount) {
        pieces = new Histogram[pieceCount];
    }

    void error(String kind, long count, String sentence) {
        errors.merge(kind, count, Long::sum);
        if (firstError.isEmpty()) {
            firstError = sentence;
        }
    }

    void latency(long nanos) {
        latencyNanos.recordValue(inRange(nanos));
    }

    /** Of a task that ended in that piece. */
    void latency(long nanos, int piece) {
        Histogram histogram = pieces[piece];
        if (histogram == null) {
            histogram = new Histogram(LATENCY_NANOS_MAX, PIECE_DIGITS);
            pieces[piece] = histogram;
        }
        histogram.recordValue(inRange(nanos));
    }

    void lag(long nanos) {
        lagNanos.recordValue(inRange(nanos));
    }

    private static long inRange(long nanos) {
        return Math.min(Math.max(nanos, 0), LATENCY_NANOS_MAX);
    }

    void add(Tally other) {
        latencyNanos.add(other.latencyNanos);
        lagNanos.add(other.lagNanos);
        for (int i = 0; i < Math.min(pieces.length, other.pieces.length); i++) {
            Histogram mine = pieces[i];
            Histogram theirs = other.pieces[i];
            if (theirs != null && mine != null) {
                mine.add(theirs);
            } else if (theirs != null) {
                pieces[i] = theirs;
            }
        }
        other.errors.forEach((kind, count) -> errors.merge(kind, count, Long::sum));
        workers.or(other.workers);
        completed += other.completed;
        if (firstError.isEmpty()) {
            firstError = other.firstError;
        }
    }

    long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }
}
