package org.procpool.cli;

import org.jspecify.annotations.Nullable;
import org.procpool.cli.log.LogFormat;
import org.procpool.cli.log.ServiceLog;
import picocli.CommandLine.Option;

/** The options of {@code serve} about its log. */
final class LogFlags {

    /** What is said, from the least to the most. */
    enum Level {
        error,
        warn,
        info,
        debug
    }

    @Option(
            names = "--log-format",
            paramLabel = "human|json|journal",
            description = "Of the log on standard error: for people, one JSON object a line, or with the levels that"
                    + " systemd's journal reads. Default: journal if it goes there, else human.")
    private @Nullable LogFormat format;

    @Option(
            names = "--log-level",
            paramLabel = "error|warn|info|debug",
            description = "How much is said; debug tells each task; default info.")
    private Level level = Level.info;

    void apply(Console console) {
        LogFormat inUse = format == null ? ServiceLog.fitting(System.getenv()) : format;
        ServiceLog.begin(inUse, level.name(), console.terminal());
    }
}
