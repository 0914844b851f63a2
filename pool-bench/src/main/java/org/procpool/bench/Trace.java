package org.procpool.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A run in more detail.
 *
 * @param percentiles of the latency, ascending
 * @param moments the measured time, piece by piece
 * @param lagP50Micros how late tasks of an open loop were sent; their latency counts from when they were due
 * @param lagP99Micros the same
 */
public record Trace(List<Point> percentiles, List<Moment> moments, double lagP50Micros, double lagP99Micros) {

    /** Of a run that kept none. */
    public static final Trace NONE = new Trace(List.of(), List.of(), 0, 0);

    private static final int STEPS_PER_HALVING = 5;
    private static final double HIGHEST_PERCENTILE = 99.9999;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Copies the lists. */
    public Trace {
        percentiles = List.copyOf(percentiles);
        moments = List.copyOf(moments);
    }

    /** So many percent of the tasks took at most so long. */
    public record Point(double percentile, double micros) {}

    /**
     * What ended in a piece of the measured time.
     *
     * @param atSeconds middle of the piece, from the beginning of the measured time
     */
    public record Moment(double atSeconds, double perSec, double p50Micros, double p99Micros, double maxMicros) {}

    static Trace of(Tally sum, long pieceNanos) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : sum.latencyNanos.percentiles(STEPS_PER_HALVING)) {
            if (value.getPercentileLevelIteratedTo() <= HIGHEST_PERCENTILE) {
                points.add(
                        new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / NANOS_PER_MICRO));
            }
        }
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < sum.pieces.length; i++) {
            Histogram piece = sum.pieces[i];
            long count = piece == null ? 0 : piece.getTotalCount();
            moments.add(new Moment(
                    (i + 0.5) * pieceNanos / NANOS_PER_SECOND,
                    count * NANOS_PER_SECOND / pieceNanos,
                    piece == null ? 0 : piece.getValueAtPercentile(50) / NANOS_PER_MICRO,
                    piece == null ? 0 : piece.getValueAtPercentile(99) / NANOS_PER_MICRO,
                    piece == null ? 0 : piece.getMaxValue() / NANOS_PER_MICRO));
        }
        return new Trace(
                points,
                moments,
                sum.lagNanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                sum.lagNanos.getValueAtPercentile(99) / NANOS_PER_MICRO);
    }
}
