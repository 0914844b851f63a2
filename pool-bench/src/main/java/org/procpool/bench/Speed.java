package org.procpool.bench;

import org.HdrHistogram.Histogram;

/** How fast something was. */
public record Speed(double perSec, double p50Micros, double p99Micros) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    static Speed of(Tally tally, long measuredNanos) {
        return of(tally.completed * NANOS_PER_SECOND / measuredNanos, tally);
    }

    static Speed of(double perSec, Tally tally) {
        Histogram latency = tally.latencyNanos;
        return new Speed(
                perSec,
                latency.getValueAtPercentile(50) / NANOS_PER_MICRO,
                latency.getValueAtPercentile(99) / NANOS_PER_MICRO);
    }

    static Speed of(BenchResult result) {
        return new Speed(result.perSec(), result.p50Micros(), result.p99Micros());
    }
}
