package org.procpool.cli;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.BenchOptions;
import picocli.CommandLine.Option;

/** What load to make; null = not given, since what that means depends on what is measured. */
final class LoadFlags {

    static final Duration WARMUP = Duration.ofSeconds(2);

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Workers of its own service; default: one a processor.")
    @Nullable
    Integer workers;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "A service that runs already; default: its own.")
    @Nullable
    InetSocketAddress server;

    @Option(names = "--window", paramLabel = "N", description = "Unfinished tasks of a connection; default 64.")
    @Nullable
    Integer window;

    @Option(names = "--connections", paramLabel = "N", description = "Default 1.")
    @Nullable
    Integer connections;

    @Option(
            names = "--payload",
            paramLabel = "SIZE",
            converter = PayloadSizeReader.class,
            description = "Bytes of each task, such as 100 or 64k; default 100.")
    @Nullable
    Integer payload;

    @Option(names = "--seconds", paramLabel = "N", description = "To measure, after the warm-up; default 5.")
    @Nullable
    Integer seconds;

    @Option(names = "--warmup", paramLabel = "D", description = "Before it; default 2s.")
    @Nullable
    Duration warmup;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Default echo, whose results are checked byte for byte.")
    @Nullable
    String task;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "How often it is measured; the result has lowest, median and highest. Default 1.")
    @Nullable
    Integer runs;

    /** Whether any of it was given. */
    boolean given() {
        return Stream.of(workers, server, window, connections, payload, seconds, warmup, task, runs)
                .anyMatch(option -> option != null);
    }

    Duration duration(int otherwise) {
        return Duration.ofSeconds(seconds == null ? otherwise : seconds);
    }

    Duration warmupOr(Duration otherwise) {
        return warmup == null ? otherwise : warmup;
    }

    int runsOr(int otherwise) {
        int count = runs == null ? otherwise : runs;
        if (count < 1 || count > 1000) {
            throw CliException.usage("runs is " + count + ", allowed is 1 to 1000");
        }
        return count;
    }

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    BenchOptions options(InetSocketAddress address) {
        try {
            BenchOptions options = BenchOptions.defaults(address);
            options = PoolFlags.with(options, window, BenchOptions::withWindow);
            options = PoolFlags.with(options, connections, BenchOptions::withConnections);
            options = PoolFlags.with(options, payload, BenchOptions::withPayloadBytes);
            options = PoolFlags.with(options, task, BenchOptions::withTask);
            options = PoolFlags.with(options, warmup, BenchOptions::withWarmup);
            return options.withDuration(duration(5));
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }
}
