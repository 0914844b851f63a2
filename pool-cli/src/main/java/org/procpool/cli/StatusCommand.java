package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool status}. */
@Command(
        name = "status",
        description = "Shows what the service is doing: state, queue, totals, workers.",
        footer = {
            "",
            "Exit code: 0, or 6 if the server cannot be reached.",
            "",
            "Examples:",
            "  procpool status",
            "  procpool status --json"
        })
final class StatusCommand extends CliCommand {

    @Option(names = "--json", description = "Prints the service's JSON as it is.")
    private boolean json;

    @Mixin
    private final AdminOption admin = new AdminOption();

    StatusCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String answer = admin.get("/api/status");
        if (json) {
            console.print(answer.strip());
        } else {
            StatusText.status(AdminJson.read(admin, answer)).forEach(console::print);
        }
        return ExitCode.OK;
    }
}
