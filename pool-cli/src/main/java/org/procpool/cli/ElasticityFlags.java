package org.procpool.cli;

import static org.procpool.cli.PoolFlags.nanos;
import static org.procpool.cli.PoolFlags.with;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.conductor.Elasticity;
import picocli.CommandLine.Option;

/** The options of {@code serve} about how many workers there are while it runs. */
final class ElasticityFlags {

    @Option(
            names = "--min-workers",
            paramLabel = "N",
            description = "Fewest workers that the pool shrinks to by itself; default: as many as --workers.")
    private @Nullable Integer minWorkers;

    @Option(
            names = "--max-workers",
            paramLabel = "N",
            description =
                    "Most workers that the pool grows to by itself, one at a time, when a task has waited for 500ms;"
                            + " with --spares at most 1024; default: as many as --workers.")
    private @Nullable Integer maxWorkers;

    @Option(
            names = "--worker-idle-timeout",
            paramLabel = "D",
            description = "How long at least one worker must have had nothing to do before one leaves, down to"
                    + " --min-workers; from 1s, default 1m.")
    private @Nullable Duration workerIdleTimeout;

    /** @param workersGiven whether somebody has said how many it starts with; else that is moved within the bounds */
    PoolOptions apply(PoolOptions base, boolean workersGiven) {
        Elasticity elasticity = with(base.elasticity(), minWorkers, Elasticity::withWorkersMin);
        elasticity = with(elasticity, maxWorkers, Elasticity::withWorkersMax);
        elasticity = with(elasticity, nanos(workerIdleTimeout), Elasticity::withIdleNanos);
        PoolOptions options = base.withElasticity(elasticity);
        if (workersGiven) {
            return options;
        }
        int least = elasticity.workersMin() == 0 ? 1 : elasticity.workersMin();
        int most = elasticity.workersMax() == 0 ? Integer.MAX_VALUE : elasticity.workersMax();
        return options.withWorkers(Math.max(least, Math.min(most, options.workers())));
    }
}
