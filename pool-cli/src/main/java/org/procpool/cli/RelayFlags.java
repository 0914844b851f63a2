package org.procpool.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.FloorTask;
import org.procpool.bench.Floors;
import org.procpool.bench.floor.RelayOptions;
import picocli.CommandLine.Option;

/** How floors are measured: what stands beside a service, and how often. */
final class RelayFlags {

    private static final List<Integer> WINDOWS = List.of(1, 64, 1000);
    private static final int WINDOW_MAX = 100_000;
    private static final int PAYLOAD_BYTES = 100;
    private static final int PAYLOAD_BYTES_MAX = 64 << 20;

    @Option(names = "--pairs", paramLabel = "N", description = "How often each is measured; default 5.")
    private @Nullable Integer pairs;

    @Option(names = "--windows", paramLabel = "N,N", split = ",", description = "Unfinished tasks; default 1,64,1000.")
    private @Nullable List<Integer> windows;

    @Option(
            names = "--copy-below",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "The relay copies smaller pieces into one buffer a peer; default 16k.")
    private @Nullable Long copyBelow;

    @Option(
            names = "--read-size",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Most that one read of the relay takes; default 64k.")
    private @Nullable Long readSize;

    @Option(
            names = "--out-size",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Of the relay's outgoing buffers; default 64k.")
    private @Nullable Long outSize;

    @Option(
            names = "--flush",
            paramLabel = "batch|each",
            description = "Whether the relay flushes once a batch or after each piece; default batch.")
    private @Nullable Flush flush;

    boolean given() {
        return pairs != null
                || windows != null
                || copyBelow != null
                || readSize != null
                || outSize != null
                || flush != null;
    }

    Floors.Plan plan(@Nullable String task, @Nullable Integer payload, @Nullable Integer seconds) {
        List<Integer> chosen = windows == null ? WINDOWS : windows;
        for (int window : chosen) {
            if (window < 1 || window > WINDOW_MAX) {
                throw CliException.usage("window is " + window + ", allowed is 1 to " + WINDOW_MAX);
            }
        }
        if (payload != null && payload > PAYLOAD_BYTES_MAX) {
            throw CliException.usage("payload is " + payload + ", allowed is up to " + PAYLOAD_BYTES_MAX);
        }
        try {
            return new Floors.Plan(
                    task(task),
                    payload == null ? PAYLOAD_BYTES : payload,
                    chosen,
                    Duration.ofSeconds(seconds == null ? 1 : seconds),
                    pairs == null ? 5 : pairs);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private static FloorTask task(@Nullable String name) {
        if (name == null) {
            return FloorTask.ECHO;
        }
        for (FloorTask task : FloorTask.values()) {
            if (task.word().equals(name)) {
                return task;
            }
        }
        throw CliException.usage("the floors can do echo and reverse, not '" + name + "'");
    }

    RelayOptions relay(@Nullable Integer workers) {
        RelayOptions defaults =
                RelayOptions.defaults(workers == null ? Runtime.getRuntime().availableProcessors() : workers);
        try {
            return new RelayOptions(
                    defaults.workers(),
                    bytes(copyBelow, defaults.copyBelow()),
                    bytes(readSize, defaults.readBytes()),
                    bytes(outSize, defaults.outBytes()),
                    flush == null ? defaults.flushEach() : flush == Flush.each);
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    private static int bytes(@Nullable Long value, int otherwise) {
        return value == null ? otherwise : (int) Math.min(value, Integer.MAX_VALUE);
    }

    /** In the letters of the command line, as picocli wants it. */
    enum Flush {
        batch,
        each
    }
}
