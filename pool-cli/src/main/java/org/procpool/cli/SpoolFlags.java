package org.procpool.cli;

import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.spool.SpoolOptions;
import picocli.CommandLine.Option;

/** The options of {@code serve} about large payloads. What is not given keeps the library's default. */
final class SpoolFlags {

    @Option(
            names = "--spool-from",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Payloads and results from this size on lie in files instead of passing through the service,"
                    + " 64k to 1g, or 0 for never; default 256k.")
    private @Nullable Long from;

    @Option(
            names = "--spool-memory",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "What of them lies in memory, in --recorder-dir; the rest lies on the disk of --run-dir."
                    + " Default 256m, or half of what is free there.")
    private @Nullable Long memory;

    PoolOptions apply(PoolOptions options) {
        SpoolOptions spool = options.spool();
        long fromBytes = from == null ? spool.fromBytes() : from;
        return options.withSpool(new SpoolOptions(
                (int) Math.min(fromBytes, Integer.MAX_VALUE), memory == null ? spool.memoryBytesMax() : memory));
    }
}
