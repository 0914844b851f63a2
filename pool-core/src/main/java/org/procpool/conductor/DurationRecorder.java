package org.procpool.conductor;

import org.procpool.task.DurationCounts;

/** Counts durations by their length, without allocation. Owned by the conductor's thread. */
final class DurationRecorder {

    private final long[] buckets = new long[DurationCounts.ranges()];
    private long sumNanos;

    void add(long nanos) {
        buckets[DurationCounts.rangeOf(nanos)]++;
        sumNanos += Math.max(0, nanos);
    }

    DurationCounts counts() {
        return new DurationCounts(buckets.clone(), sumNanos);
    }
}
