package org.procpool.bench;

import java.util.SortedMap;

/**
 * What came of a run. Latencies are from just before a task was written to just after its result was read; they count
 * the tasks that ended in the measured part and those that were still out at its end, so that none that took long is
 * missing.
 *
 * @param seconds that were measured
 * @param completed right results that came in that time
 * @param perSec the same by the second
 * @param errors all that did not go well, warm-up included
 * @param errorsByKind the same by outcome; WRONG_RESULT = not the bytes that were due, UNANSWERED = no outcome came
 * @param firstError a sentence about the first of them; empty if there is none
 * @param workers distinct workers that answered
 * @param trace how it went in detail
 */
public record BenchResult(
        BenchOptions options,
        double seconds,
        long completed,
        double perSec,
        double p50Micros,
        double p90Micros,
        double p99Micros,
        double p999Micros,
        double maxMicros,
        long errors,
        SortedMap<String, Long> errorsByKind,
        String firstError,
        int workers,
        Trace trace) {}
