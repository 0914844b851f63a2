package org.procpool.cli;

import static org.procpool.cli.PoolFlags.nanos;
import static org.procpool.cli.PoolFlags.with;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.conductor.PoisonLimits;
import org.procpool.conductor.WorkerLimits;
import picocli.CommandLine.Option;

/** The options of {@code serve} about how workers are watched, replaced and booted. */
final class CareFlags {

    @Option(
            names = "--spares",
            paramLabel = "N",
            description =
                    "Booted workers that wait to take the place of one that dies; default 1. With --workers at most"
                            + " 1024.")
    private @Nullable Integer spares;

    @Option(
            names = "--patience",
            paramLabel = "D",
            description =
                    "How long a task may wait at a worker before it is taken back and goes to another; default 5ms,"
                            + " 0s = for ever.")
    private @Nullable Duration patience;

    @Option(
            names = "--hang-timeout",
            paramLabel = "D",
            description =
                    "How long a worker may be silent and stopped, or silent without using the processor, before it"
                            + " is killed; from 1s, default 10s, 0s = never.")
    private @Nullable Duration hangTimeout;

    @Option(
            names = "--write-timeout",
            paramLabel = "D",
            description = "How long a worker may take nothing of what was sent to it before it is killed; default 10s.")
    private @Nullable Duration writeTimeout;

    @Option(
            names = "--max-restarts",
            paramLabel = "N",
            description = "Dead workers that are replaced in one --restart-window; beyond it the pool is degraded and"
                    + " replaces them slowly; default 50.")
    private @Nullable Integer maxRestarts;

    @Option(
            names = "--restart-window",
            paramLabel = "D",
            description = "The span that --max-restarts counts over; from 1s, default 60s.")
    private @Nullable Duration restartWindow;

    @Option(
            names = "--max-tasks-per-worker",
            paramLabel = "N",
            description =
                    "Tasks after which a worker is replaced, a successor first and one at a time; default 0 = never.")
    private @Nullable Long maxTasks;

    @Option(
            names = "--max-worker-age",
            paramLabel = "D",
            description =
                    "Age at which a worker is replaced likewise, or up to a fifth earlier, so that not all come to"
                            + " it at once; from 1s, default 0s = never.")
    private @Nullable Duration maxAge;

    @Option(
            names = "--max-worker-rss",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Memory beyond which a worker is replaced likewise, as the system counts it, from the tenth"
                    + " second of its life on; from 16m, default 0 = never.")
    private @Nullable Long maxResident;

    @Option(
            names = "--poison-after",
            paramLabel = "N",
            description =
                    "Workers that may die while running tasks of one name within --poison-window, with few of those"
                            + " tasks answered meanwhile, before tasks of that name are held back; 2 to 1000, default 5,"
                            + " 0 = never.")
    private @Nullable Integer poisonAfter;

    @Option(
            names = "--poison-window",
            paramLabel = "D",
            description = "The span that --poison-after counts over; from 1s, default 60s.")
    private @Nullable Duration poisonWindow;

    @Option(
            names = "--poison-probe-after",
            paramLabel = "D",
            description = "When one of the tasks that are held back is let through, to see whether it still kills; each"
                    + " that does doubles the time to the next; from 1s, default 60s, 0s = only 'procpool"
                    + " quarantine --release' ends it.")
    private @Nullable Duration poisonProbeAfter;

    @Option(
            names = "--autopsies",
            paramLabel = "N",
            description = "Reports of dead workers that 'procpool workers --dead' shows, 0 to 10000; default 50.")
    private @Nullable Integer autopsies;

    @Option(
            names = "--archive",
            paramLabel = "on|off",
            description = "An archive of the workers' classes, made at the first use, from which they boot faster;"
                    + " default on.")
    private @Nullable OnOff archive;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            description = "Where that archive is kept; default $XDG_CACHE_HOME/procpool/worker, else"
                    + " ~/.cache/procpool/worker.")
    private @Nullable Path cacheDirectory;

    PoolOptions apply(PoolOptions base) {
        if (archive == OnOff.off && cacheDirectory != null) {
            throw new IllegalArgumentException("--archive is off, so there is nothing for --cache-dir; leave one out");
        }
        PoolOptions options = with(base, spares, PoolOptions::withSpares);
        options = with(options, nanos(patience), PoolOptions::withPatienceNanos);
        options = with(options, nanos(hangTimeout), PoolOptions::withHangTimeoutNanos);
        options = with(options, nanos(writeTimeout), PoolOptions::withWriteTimeoutNanos);
        options = with(options, maxRestarts, PoolOptions::withRestartsMax);
        options = with(options, nanos(restartWindow), PoolOptions::withRestartWindowNanos);
        options = options.withLimits(limits(options.limits()));
        options = options.withPoison(poison(options.poison()));
        options = with(options, autopsies, PoolOptions::withAutopsiesMax);
        options = OnOff.with(options, archive, PoolOptions::withArchive);
        return with(options, cacheDirectory, PoolOptions::withCacheDirectory);
    }

    private PoisonLimits poison(PoisonLimits base) {
        if (poisonAfter != null && poisonAfter == 0 && poisonWindow != null) {
            throw new IllegalArgumentException(
                    "--poison-after is 0, so there is nothing for --poison-window; leave one out");
        }
        PoisonLimits limits = with(base, poisonAfter, PoisonLimits::withDeaths);
        limits = with(limits, nanos(poisonWindow), PoisonLimits::withWindowNanos);
        return with(limits, nanos(poisonProbeAfter), PoisonLimits::withProbeAfterNanos);
    }

    private WorkerLimits limits(WorkerLimits base) {
        WorkerLimits limits = with(base, maxTasks, WorkerLimits::withTasksMax);
        limits = with(limits, nanos(maxAge), WorkerLimits::withAgeNanos);
        return with(limits, maxResident, WorkerLimits::withResidentBytesMax);
    }
}
