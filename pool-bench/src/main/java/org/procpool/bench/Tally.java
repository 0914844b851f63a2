package org.procpool.bench;

import java.util.BitSet;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What one load thread has seen. Owned by that thread until it has ended. */
final class Tally {

    private static final long LATENCY_NANOS_MAX = 3_600_000_000_000L;
    private static final int LATENCY_DIGITS = 3;

    final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, LATENCY_DIGITS);
    final TreeMap<String, Long> errors = new TreeMap<>();
    final BitSet workers = new BitSet();
    long completed;
    String firstError = "";

    void error(String kind, long count, String sentence) {
        errors.merge(kind, count, Long::sum);
        if (firstError.isEmpty()) {
            firstError = sentence;
        }
    }

    void latency(long nanos) {
        latencyNanos.recordValue(Math.min(Math.max(nanos, 0), LATENCY_NANOS_MAX));
    }

    void add(Tally other) {
        latencyNanos.add(other.latencyNanos);
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
