package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool events}. */
@Command(
        name = "events",
        description = "Tells the life of the pool, its workers and its tasks, a line each.",
        footer = {
            "",
            "Shown are starts and ends of workers, what the pool does, each task that did not succeed, and with --follow"
                    + " once a second how many tasks have ended. Tasks that succeeded are only counted. Of a flood the"
                    + " last are shown and the rest is counted.",
            "",
            "Exit code: 0, or 6 if the server cannot be reached or is lost.",
            "",
            "Examples:",
            "  procpool events                        the last ones",
            "  procpool events --follow               and those to come, until Ctrl-C or the service's end",
            "  procpool events --follow --json | jq 'select(.event == \"worker-exited\")'"
        })
final class EventsCommand extends CliCommand {

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what happens.")
    private boolean follow;

    @Option(names = "--json", description = "Prints each as a JSON object on a line of its own.")
    private boolean json;

    @Mixin
    private final AdminOption admin = new AdminOption();

    EventsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        EventLines lines = new EventLines(json, follow);
        admin.listen("/api/events", data -> {
            JsonNode pulse = AdminJson.read(admin, data);
            lines.of(pulse).forEach(console::print);
            console.flush();
            return follow;
        });
        return ExitCode.OK;
    }
}
