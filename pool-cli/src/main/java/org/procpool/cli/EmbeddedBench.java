package org.procpool.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.bench.LibraryBench;
import org.procpool.bench.SlowAmongBench;
import picocli.CommandLine.Option;

/** The part of {@code procpool bench} that measures an embedded pool and not a service. */
final class EmbeddedBench {

    private static final List<Integer> CALLERS = List.of(1, 8);
    private static final int PAYLOAD_BYTES = 100;
    private static final int WINDOW = 1000;
    private static final Duration SLOW_RUN = Duration.ofSeconds(5);
    private static final int SLOW_WINDOW = 64;
    private static final int SLOW_WORKERS = 8;
    private static final int SLOW_SECONDS = 20;
    /** More workers than processors take longer to compile what they do. */
    private static final Duration SLOW_WARMUP = Duration.ofSeconds(5);

    @Option(names = "--library", description = "Measures a pool embedded in this process, without a service.")
    private boolean library;

    @Option(
            names = "--callers",
            paramLabel = "N,N",
            split = ",",
            description = "With --library: threads that submit; default 1,8.")
    private @Nullable List<Integer> callers;

    @Option(
            names = "--slow-among",
            paramLabel = "N",
            description = "Measures what N slow tasks, at random moments, cost the tiny ones in an embedded pool.")
    private @Nullable Integer slow;

    @Option(
            names = "--slow-run",
            paramLabel = "D",
            description = "With --slow-among: how long each of them takes; default 5s.")
    private @Nullable Duration slowRun;

    boolean chosen() {
        return library || slow != null;
    }

    void refuseRest() {
        if (callers != null) {
            throw CliException.usage("--callers is for --library");
        }
        if (slowRun != null) {
            throw CliException.usage("--slow-run is for --slow-among");
        }
    }

    int run(Console console, LoadFlags load, boolean json) throws IOException {
        if (library && slow != null) {
            throw CliException.usage("choose one of --library and --slow-among");
        }
        if (load.server != null || load.connections != null) {
            throw CliException.usage(
                    "--library and --slow-among measure a pool in this process: no --server and no" + " --connections");
        }
        try {
            console.print(slow == null ? library(console, load, json) : slowAmong(console, load, json, slow));
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private String library(Console console, LoadFlags load, boolean json) throws IOException {
        PoolOptions pool = PoolFlags.with(BenchService.pool(), load.workers, PoolOptions::withWorkers);
        LibraryBench.Plan plan = new LibraryBench.Plan(
                LoadFlags.or(load.task, "echo"),
                LoadFlags.or(load.payload, PAYLOAD_BYTES),
                LoadFlags.or(load.window, WINDOW),
                LoadFlags.or(callers, CALLERS),
                load.duration(5),
                load.warmupOr(LoadFlags.WARMUP),
                load.runsOr(3));
        return Measuring.run(console, progress -> {
            LibraryBench.Report report = LibraryBench.run(pool, plan, progress);
            return json ? LibraryBench.json(report) : LibraryBench.text(report);
        });
    }

    private String slowAmong(Console console, LoadFlags load, boolean json, int count) throws IOException {
        if (load.payload != null || load.task != null || load.runs != null) {
            throw CliException.usage("--slow-among has a task and a payload of its own, and is run once");
        }
        PoolOptions pool = BenchService.pool().withWorkers(LoadFlags.or(load.workers, SLOW_WORKERS));
        SlowAmongBench.Plan plan = new SlowAmongBench.Plan(
                count,
                LoadFlags.or(slowRun, SLOW_RUN),
                LoadFlags.or(load.window, SLOW_WINDOW),
                load.duration(SLOW_SECONDS),
                load.warmupOr(SLOW_WARMUP));
        return Measuring.run(console, progress -> {
            SlowAmongBench.Report report = SlowAmongBench.run(pool, plan, progress);
            return json ? SlowAmongBench.json(report) : SlowAmongBench.text(report);
        });
    }
}
