package org.procpool.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.bench.BenchException;
import org.procpool.bench.GrowthSweep;
import org.procpool.bench.QueueSweep;
import org.procpool.bench.RunTimeSweep;
import org.procpool.bench.ServiceSweep;
import org.procpool.bench.StartSweep;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code procpool bench sweep}. */
@Command(
        name = "sweep",
        description = "Measures step by step while something grows, or what an idle service costs.",
        footer = {
            "",
            "payloads   1 KiB to 256 MiB, echoed, 4 in flight: tasks/s, MB/s and memory of supervisor and workers",
            "runtimes   tasks of 0 us to 100 ms and a mix with a heavy tail, by depth of prefetch",
            "growth     1 to 2,000 connections, 2 to 64 workers",
            "queue      1,000 to 1,000,000 waiting tasks: heap of each, and the rate with which they then run",
            "idle       processor time of a service that has nothing to do",
            "start      until a service is ready, and one task by 'procpool submit', beside an empty JVM",
            "soak       the same load for 10 minutes, step by step: rate, p99, heap, direct and resident memory",
            "",
            "Examples:",
            "  procpool bench sweep payloads --workers 2",
            "  procpool bench sweep runtimes --seconds 2",
            "  procpool bench sweep idle --workers 8 --seconds 60",
            "  procpool bench sweep soak --workers 2"
        })
final class SweepCommand extends CliCommand {

    @Parameters(index = "0", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}")
    private What what = What.payloads;

    @Option(names = "--workers", paramLabel = "N", description = "Default: one a processor; idle: 8.")
    private @Nullable Integer workers;

    @Option(names = "--seconds", paramLabel = "N", description = "Of each step; default 3; idle, soak: 60.")
    private @Nullable Integer seconds;

    SweepCommand(Console console) {
        super(console);
    }

    /** In the letters of the command line, as picocli wants it. */
    enum What {
        payloads,
        runtimes,
        growth,
        queue,
        idle,
        start,
        soak
    }

    @Override
    public Integer call() throws IOException {
        if (seconds != null && seconds < 1) {
            throw CliException.usage("seconds must be more than 0");
        }
        if (what == What.queue && (workers != null || seconds != null) || what == What.growth && workers != null) {
            throw CliException.usage("'" + what + "' has its own "
                    + (what == What.queue ? "worker and its own pace" : "numbers of workers"));
        }
        if (what == What.start && seconds != null) {
            throw CliException.usage("'start' takes as long as ten starts take");
        }
        try {
            console.print(Measuring.run(console, this::measure));
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static Path program() {
        String program = System.getProperty("procpool.program");
        if (program == null) {
            throw CliException.usage("'start' measures the program 'procpool', so it has to be run by it");
        }
        return Path.of(program);
    }

    private String measure(DoubleConsumer progress) throws BenchException, IOException, InterruptedException {
        PoolOptions pool = PoolFlags.with(BenchService.pool(), workers, PoolOptions::withWorkers);
        Duration step = Duration.ofSeconds(LoadFlags.or(seconds, 3));
        return switch (what) {
            case payloads -> ServiceSweep.payloads(BenchService::start, pool.workers(), step, progress);
            case runtimes -> RunTimeSweep.text(RunTimeSweep.run(pool, step, progress));
            case growth -> GrowthSweep.run(BenchService::start, step, progress);
            case queue -> QueueSweep.run(pool, progress);
            case idle ->
                ServiceSweep.idle(
                        BenchService::start,
                        LoadFlags.or(workers, 8),
                        Duration.ofSeconds(LoadFlags.or(seconds, 60)),
                        progress);
            case start -> StartSweep.run(program(), pool.workers(), progress);
            case soak ->
                ServiceSweep.soak(
                        BenchService::start, pool.workers(), Duration.ofSeconds(LoadFlags.or(seconds, 60)), progress);
        };
    }
}
