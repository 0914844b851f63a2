package org.procpool.cli;

import static org.procpool.cli.PoolFlags.with;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.recorder.RecorderOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code serve} about the flight recorders, and what only they make possible. */
final class RecorderFlags {

    @Mixin
    private final RecorderSwitch recorder = new RecorderSwitch();

    @Option(
            names = "--recorder-ring",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "How much of a worker's answers its recorder holds, a power of two, 4k to 1g; default 512k.")
    private @Nullable Long ring;

    @Option(
            names = "--recorder-claims",
            paramLabel = "N",
            description = "Tasks that a recorder tells apart, a power of two, 16 to 65536; default 1024.")
    private @Nullable Integer claims;

    @Option(
            names = "--recorder-dir",
            paramLabel = "DIR",
            description = "Where recorders are made; in a memory file system; default /dev/shm.")
    private @Nullable Path directory;

    @Option(
            names = "--prefetch",
            paramLabel = "N",
            description = "Most tasks that a worker is handed at once, 1 to half of --recorder-claims; default 512. How"
                    + " many it is depends on how long they take.")
    private @Nullable Integer prefetch;

    PoolOptions apply(PoolOptions base) {
        if (recorder.value() == OnOff.off) {
            checkOff();
        }
        PoolOptions options = OnOff.with(base, recorder.value(), PoolOptions::withRecorder);
        options = with(options, directory, PoolOptions::withMemoryDirectory);
        options = with(options, prefetch, PoolOptions::withPrefetchMax);
        if (ring == null && claims == null) {
            return options;
        }
        RecorderOptions sizes = options.recorderOptions();
        return options.withRecorderOptions(new RecorderOptions(
                claims == null ? sizes.claims() : claims, ring == null ? sizes.ringBytes() : ringBytes(ring)));
    }

    private void checkOff() {
        List<String> given = new ArrayList<>();
        if (ring != null) {
            given.add("--recorder-ring");
        }
        if (claims != null) {
            given.add("--recorder-claims");
        }
        if (directory != null) {
            given.add("--recorder-dir");
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "--recorder is off, so there is nothing for " + String.join(" and ", given) + "; leave one out");
        }
        if (prefetch != null && prefetch > 1) {
            throw new IllegalArgumentException("--recorder is off, so a worker is handed one task at a time and not"
                    + " --prefetch " + prefetch + "; leave one out");
        }
    }

    private static int ringBytes(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("the flight recorder's ring size is more than 1g, which is all that is"
                    + " allowed; it must be a power of two");
        }
        return (int) bytes;
    }
}
