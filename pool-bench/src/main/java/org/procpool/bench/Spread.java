package org.procpool.bench;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Several measurements of the same; all in its unit. */
public record Spread(double min, double median, double max) {

    /** @param values at least one */
    static Spread of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(sorted[0], median(sorted), sorted[sorted.length - 1]);
    }

    static <T> Spread of(List<T> measurements, ToDoubleFunction<T> value) {
        return of(measurements.stream().map(value::applyAsDouble).toList());
    }

    /** @param sorted at least one */
    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
