package org.procpool.conductor;

import org.procpool.task.Durations;

/**
 * Between which numbers of workers a pool moves by itself. It grows by one when a task has waited for half a second,
 * and shrinks by one when at least one worker has had nothing to do for the whole of the idle time.
 *
 * @param workersMin fewest that serve; 0 = as many as it starts with
 * @param workersMax most that serve; 0 = as many as it starts with
 * @param idleNanos idle time, from 1 s
 */
public record Elasticity(int workersMin, int workersMax, long idleNanos) {

    public static final Elasticity NONE = new Elasticity(0, 0, 60_000_000_000L);

    private static final long IDLE_NANOS_MIN = 1_000_000_000L;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public Elasticity {
        check("min-workers", workersMin);
        check("max-workers", workersMax);
        if (workersMin > 0 && workersMax > 0 && workersMin > workersMax) {
            throw new IllegalArgumentException("min-workers is " + workersMin + ", more than the max-workers of "
                    + workersMax + "; lower one or raise the other");
        }
        if (idleNanos < IDLE_NANOS_MIN) {
            throw new IllegalArgumentException(
                    "worker-idle-timeout is " + Durations.format(idleNanos) + ", it must be at least 1s");
        }
    }

    private static void check(String name, int value) {
        if (value < 0 || value > ConductorOptions.WORKERS_MAX) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1.." + ConductorOptions.WORKERS_MAX
                    + ", or 0 for as many as workers says");
        }
    }

    /** Whether the number of workers is bounded at all; if not, it is what an operator says. */
    public boolean isOn() {
        return workersMin > 0 || workersMax > 0;
    }

    /** Fewest that serve in a pool that starts with so many; 1 if nobody has set a bound. */
    public int least(int workers) {
        return !isOn() ? 1 : workersMin > 0 ? workersMin : workers;
    }

    /** Most that serve in a pool that starts with so many; so many if nobody has set a bound. */
    public int most(int workers) {
        return workersMax > 0 ? workersMax : workers;
    }

    /**
     * Checks the number of workers that it is to start with.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public void checkStart(int workers, int spares) {
        if (!isOn()) {
            return;
        }
        if (workers < least(workers)) {
            throw new IllegalArgumentException("workers is " + workers + ", fewer than the min-workers of " + workersMin
                    + "; raise workers or lower min-workers");
        }
        if (workers > most(workers)) {
            throw new IllegalArgumentException("workers is " + workers + ", more than the max-workers of " + workersMax
                    + "; lower workers or raise max-workers");
        }
        if (most(workers) + spares > ConductorOptions.WORKERS_MAX) {
            throw new IllegalArgumentException("max-workers is " + workersMax + " and spares is " + spares
                    + ", together they may be " + ConductorOptions.WORKERS_MAX + "; lower one of them");
        }
    }

    /**
     * Checks a number of workers that somebody asks for later on.
     *
     * @param workers as many as the pool started with
     * @throws IllegalArgumentException with a sentence for people
     */
    public void checkScale(int count, int workers, int spares) {
        int least = least(workers);
        int most = isOn() ? most(workers) : ConductorOptions.WORKERS_MAX - spares;
        if (count < least || count > most) {
            String bounds = isOn()
                    ? ", as min-workers and max-workers say"
                    : spares == 0 ? "" : " beside the spares, which are " + spares;
            throw new IllegalArgumentException(
                    "workers would be " + count + ", allowed is " + least + ".." + most + bounds);
        }
    }

    public Elasticity withWorkersMin(int value) {
        return new Elasticity(value, workersMax, idleNanos);
    }

    public Elasticity withWorkersMax(int value) {
        return new Elasticity(workersMin, value, idleNanos);
    }

    public Elasticity withIdleNanos(long value) {
        return new Elasticity(workersMin, workersMax, value);
    }
}
