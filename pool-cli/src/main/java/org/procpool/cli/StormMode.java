package org.procpool.cli;

import java.io.IOException;
import java.util.List;
import org.procpool.PoolOptions;
import org.procpool.bench.StormBench;
import org.procpool.samples.MisbehavingHandlers;
import org.procpool.samples.SampleHandlers;
import picocli.CommandLine.Option;

/** The part of {@code procpool bench} that measures what a handler costs that kills its worker each time. */
final class StormMode {

    private static final int SECONDS = 60;

    @Option(
            names = "--storm",
            description = "Measures the processor time of a pool whose workers are killed by each task, for --seconds,"
                    + " 60 by default, and how it recovers.")
    private boolean storm;

    boolean chosen() {
        return storm;
    }

    int run(Console console, LoadFlags load, boolean json) throws IOException {
        if (load.server != null
                || load.connections != null
                || load.window != null
                || load.task != null
                || load.payload != null
                || load.warmup != null
                || load.runs != null) {
            throw CliException.usage("--storm goes with --workers, --seconds and --json only");
        }
        int seconds = LoadFlags.or(load.seconds, SECONDS);
        if (seconds < 1) {
            throw CliException.usage("seconds is " + seconds + ", it must be at least 1");
        }
        PoolOptions pool = PoolFlags.with(BenchService.pool(), load.workers, PoolOptions::withWorkers)
                .withProviders(List.of(SampleHandlers.class.getName(), MisbehavingHandlers.class.getName()));
        console.print(Measuring.run(console, progress -> {
            StormBench.Report report = StormBench.run(pool, seconds, progress);
            return json ? StormBench.json(report) : StormBench.text(report);
        }));
        return ExitCode.OK;
    }
}
