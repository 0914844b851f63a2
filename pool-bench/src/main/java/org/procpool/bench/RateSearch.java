package org.procpool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.procpool.bench.BenchFile.RateStep;

/**
 * Looks for the highest rate at which a service keeps the p99 under a bound: doubles the rate until it does not, then
 * halves the gap. Each step is an open loop of its own.
 */
public final class RateSearch {

    private static final double FIRST_PER_SEC = 1000;
    private static final double FACTOR = 2;
    private static final int HALVINGS = 5;
    /** Of the rate that is due; less did not keep up. */
    private static final double KEPT_UP = 0.98;

    private static final double PER_SEC_MAX = 20_000_000;

    private final BenchOptions options;
    private final double p99MicrosMax;
    private final Consumer<RateStep> progress;
    private final List<RateStep> steps = new ArrayList<>();

    private RateSearch(BenchOptions options, double p99MicrosMax, Consumer<RateStep> progress) {
        this.options = options;
        this.p99MicrosMax = p99MicrosMax;
        this.progress = progress;
    }

    /**
     * Searches.
     *
     * @param options of each step; its rate is not looked at
     * @param progress told each step
     * @return all steps, in the order they were made
     */
    public static List<RateStep> run(BenchOptions options, double p99MicrosMax, Consumer<RateStep> progress)
            throws BenchException, InterruptedException {
        RateSearch search = new RateSearch(options, p99MicrosMax, progress);
        double low = 0;
        double high = FIRST_PER_SEC;
        while (high <= PER_SEC_MAX && search.holds(high)) {
            low = high;
            high *= FACTOR;
        }
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            if (search.holds(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return search.steps;
    }

    /** The highest rate that held; 0 if none did. */
    public static double highest(List<RateStep> steps) {
        return steps.stream()
                .filter(RateStep::held)
                .mapToDouble(RateStep::duePerSec)
                .max()
                .orElse(0);
    }

    private boolean holds(double perSec) throws BenchException, InterruptedException {
        BenchResult result = Bench.run(options.withPerSec(perSec), ignored -> {});
        boolean held =
                result.errors() == 0 && result.perSec() >= KEPT_UP * perSec && result.p99Micros() <= p99MicrosMax;
        RateStep step =
                new RateStep(perSec, result.perSec(), result.p50Micros(), result.p99Micros(), result.maxMicros(), held);
        steps.add(step);
        progress.accept(step);
        return held;
    }
}
