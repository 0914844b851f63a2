package org.procpool.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool drain}. */
@Command(
        name = "drain",
        description = "Tells the service to take no more tasks, finish what it has and end.",
        footer = {
            "",
            "Returns at once; the service ends with exit code 0 when it is done.",
            "Exit code: 0 it drains, 5 it refused, 6 the server cannot be reached.",
            "",
            "Examples:",
            "  procpool drain",
            "  procpool drain --timeout 5s"
        })
final class DrainCommand extends CliCommand {

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description = "What has not ended by then is cancelled; default: the service's drain-timeout.")
    private @Nullable Duration timeout;

    @Mixin
    private final SteerOption service = new SteerOption();

    DrainCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String query = timeout == null ? "" : "?timeout=" + timeout.toMillis() + "ms";
        service.post("/api/drain" + query);
        console.error("the service at " + service + " drains; 'procpool status' shows how far it is");
        return ExitCode.OK;
    }
}
