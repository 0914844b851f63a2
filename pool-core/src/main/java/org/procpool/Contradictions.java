package org.procpool;

import org.procpool.conductor.ConductorOptions;
import org.procpool.task.Durations;
import org.procpool.task.Sizes;

/** Options that each are in their range and yet do not go together. */
final class Contradictions {

    private Contradictions() {}

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException with a sentence for people, naming both
     */
    static void check(PoolOptions options) {
        if (options.workers() + options.spares() > ConductorOptions.WORKERS_MAX) {
            throw new IllegalArgumentException("workers is " + options.workers() + " and spares is " + options.spares()
                    + ", together they may be " + ConductorOptions.WORKERS_MAX + "; lower one of them");
        }
        options.elasticity().checkStart(options.workers(), options.spares());
        if (options.runTimeoutNanos() > 0 && options.graceNanos() > options.runTimeoutNanos()) {
            throw new IllegalArgumentException("grace is " + Durations.format(options.graceNanos())
                    + ", longer than the run-timeout of " + Durations.format(options.runTimeoutNanos())
                    + "; lower grace or raise run-timeout");
        }
        if (options.hangTimeoutNanos() > 0 && options.patienceNanos() > options.hangTimeoutNanos()) {
            throw new IllegalArgumentException("patience is " + Durations.format(options.patienceNanos())
                    + ", longer than the hang-timeout of " + Durations.format(options.hangTimeoutNanos())
                    + "; lower patience or raise hang-timeout");
        }
        long soft = options.limits().residentBytesMax();
        long hard = options.programs().groups().memoryBytesMax();
        if (hard > 0 && soft >= hard) {
            throw new IllegalArgumentException("max-worker-rss is " + Sizes.format(soft)
                    + ", which a worker cannot come to, since max-worker-memory is " + Sizes.format(hard)
                    + "; lower max-worker-rss or raise max-worker-memory");
        }
        if (options.recorder()
                && options.prefetchMax() > options.recorderOptions().claims() / 2) {
            throw new IllegalArgumentException("prefetch is " + options.prefetchMax() + ", with "
                    + options.recorderOptions().claims()
                    + " recorder-claims it may be " + options.recorderOptions().claims() / 2
                    + "; lower prefetch or raise recorder-claims");
        }
    }
}
