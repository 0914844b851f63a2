package org.procpool.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.bench.BenchOptions;
import org.procpool.bench.FloodBench;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import picocli.CommandLine.Option;

/** The part of {@code procpool bench} that measures what a flood of one client costs another. */
final class FloodMode {

    private static final Duration RUN = Duration.ofMillis(2);
    private static final int SECONDS = 10;
    /** What the polite client has out beside the flood. */
    private static final int BESIDE = 10_000;

    @Option(
            names = "--flood",
            paramLabel = "N",
            description = "Measures what N waiting tasks of one client, up to a million, cost another that has --window"
                    + " tasks out, 1 by default.")
    private @Nullable Integer tasks;

    @Option(
            names = "--flood-run",
            paramLabel = "D",
            description = "With --flood: how long each task takes, of both clients; default 2ms.")
    private @Nullable Duration run;

    boolean chosen() {
        return tasks != null;
    }

    void refuseRest() {
        if (run != null) {
            throw CliException.usage("--flood-run is for --flood");
        }
    }

    int run(Console console, LoadFlags load, boolean json) throws IOException {
        if (load.server != null || load.connections != null || load.task != null || load.payload != null) {
            throw CliException.usage("--flood has a service, a task and two connections of its own");
        }
        if (load.runs != null) {
            throw CliException.usage("--flood is run once");
        }
        try {
            FloodBench.Plan plan = new FloodBench.Plan(LoadFlags.or(tasks, 0), LoadFlags.or(run, RUN));
            PoolOptions pool = PoolFlags.with(BenchService.pool(), load.workers, PoolOptions::withWorkers)
                    .withQueueTasksMax(plan.tasks() + BESIDE);
            BenchOptions polite = load.options(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .withWindow(LoadFlags.or(load.window, 1))
                    .withDuration(load.duration(SECONDS));
            console.print(Measuring.run(console, progress -> {
                try (PoolServer own = service(pool, plan)) {
                    FloodBench.Report report = FloodBench.run(
                            polite.withServer(own.address()),
                            plan,
                            pool.workers(),
                            () -> own.pool().snapshot().queuedTasks(),
                            progress);
                    return json ? FloodBench.json(report) : FloodBench.text(report);
                }
            }));
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static PoolServer service(PoolOptions pool, FloodBench.Plan plan) {
        ServerOptions options = BenchService.options(pool).withWindowTasks(plan.tasks() + BESIDE);
        return PoolServer.startPrivate(options, new PoolListener() {});
    }
}
