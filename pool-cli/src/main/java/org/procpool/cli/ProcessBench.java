package org.procpool.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.bench.BenchException;
import org.procpool.bench.BenchReport;
import org.procpool.bench.BootBench;
import org.procpool.bench.CrashBench;
import org.procpool.bench.ScratchDirectory;
import picocli.CommandLine.Option;

/** The part of {@code procpool bench} that measures processes and not a service. */
final class ProcessBench {

    private static final int CRASHES = 200;
    private static final int BOOTS = 15;
    private static final int ROUNDS_MAX = 100_000;

    @Option(names = "--crash", description = "Measures from a worker's crash to the next task's result.")
    private boolean crash;

    @Option(names = "--boot", description = "Measures from a worker's launch to ready, and its memory.")
    private boolean boot;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Of --crash or --boot; default " + CRASHES + " and " + BOOTS + ".")
    private @Nullable Integer rounds;

    @Option(
            names = "--worker-java",
            paramLabel = "FILE",
            description = "The java of the workers of --crash or --boot; default: this one.")
    private @Nullable Path workerJava;

    boolean chosen() {
        return crash || boot;
    }

    /** Options that make no sense without one of the two. */
    void refuseRest() {
        if (rounds != null || workerJava != null) {
            throw CliException.usage("--rounds and --worker-java are for --crash and --boot");
        }
    }

    int run(Console console, boolean json) throws IOException {
        if (crash && boot) {
            throw CliException.usage("choose one of --crash and --boot");
        }
        int count = rounds == null ? crash ? CRASHES : BOOTS : rounds;
        if (count < 1 || count > ROUNDS_MAX) {
            throw CliException.usage("rounds is " + count + ", allowed is 1 to " + ROUNDS_MAX);
        }
        PoolOptions pool = PoolFlags.with(BenchService.pool(), workerJava, PoolOptions::withJava);
        console.print(Measuring.run(
                console, progress -> crash ? crash(pool, count, progress, json) : boot(pool, count, progress, json)));
        return ExitCode.OK;
    }

    private static String crash(PoolOptions pool, int count, DoubleConsumer progress, boolean json)
            throws BenchException, InterruptedException {
        CrashBench.Report report = CrashBench.run(pool, count, done -> progress.accept((double) done / count));
        return json ? BenchReport.json(report) : BenchReport.text(report);
    }

    private static String boot(PoolOptions pool, int count, DoubleConsumer progress, boolean json)
            throws BenchException, IOException, InterruptedException {
        try (ScratchDirectory directory = ScratchDirectory.create("procpool-boot-")) {
            BootBench.Report report =
                    BootBench.run(pool, directory.path(), count, done -> progress.accept((double) done / count));
            return json ? BenchReport.json(report) : BenchReport.text(report);
        }
    }
}
