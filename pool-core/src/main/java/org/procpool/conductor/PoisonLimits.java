package org.procpool.conductor;

import org.procpool.task.Durations;

/**
 * When a kind of task, known by its name, is put into quarantine because it kills worker after worker.
 *
 * @param deaths workers that it kills within the window, with few of its tasks answered meanwhile; 0 = never
 * @param windowNanos length of that window
 * @param probeAfterNanos after so long one task of it is let through, to see whether it still does; 0 = never
 */
public record PoisonLimits(int deaths, long windowNanos, long probeAfterNanos) {

    public static final PoisonLimits DEFAULT = new PoisonLimits(5, 60_000_000_000L, 60_000_000_000L);

    private static final int DEATHS_MAX = 1_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public PoisonLimits {
        if (deaths < 0 || deaths == 1 || deaths > DEATHS_MAX) {
            throw new IllegalArgumentException("poison-after is " + deaths + ", allowed is 2.." + DEATHS_MAX
                    + ", or 0 for no quarantine but by hand");
        }
        if (windowNanos < SECOND_NANOS) {
            throw new IllegalArgumentException(
                    "poison-window is " + Durations.format(windowNanos) + ", it must be at least 1s");
        }
        if (probeAfterNanos < 0 || probeAfterNanos > 0 && probeAfterNanos < SECOND_NANOS) {
            throw new IllegalArgumentException("poison-probe-after is " + Durations.format(probeAfterNanos)
                    + ", it must be at least 1s, or 0s for a quarantine that ends by command only");
        }
    }

    public PoisonLimits withDeaths(int value) {
        return new PoisonLimits(value, windowNanos, probeAfterNanos);
    }

    public PoisonLimits withWindowNanos(long value) {
        return new PoisonLimits(deaths, value, probeAfterNanos);
    }

    public PoisonLimits withProbeAfterNanos(long value) {
        return new PoisonLimits(deaths, windowNanos, value);
    }
}
