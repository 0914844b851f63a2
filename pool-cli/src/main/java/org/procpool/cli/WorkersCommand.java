package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool workers}. */
@Command(
        name = "workers",
        description = "Lists the workers: process, state, what each has done and runs now.",
        footer = {
            "",
            "Exit code: 0, or 6 if the server cannot be reached.",
            "",
            "Examples:",
            "  procpool workers",
            "  procpool workers --json"
        })
final class WorkersCommand extends CliCommand {

    @Option(names = "--json", description = "Prints the service's JSON as it is.")
    private boolean json;

    @Mixin
    private final AdminOption admin = new AdminOption();

    WorkersCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String answer = admin.get("/api/workers");
        if (json) {
            console.print(answer.strip());
        } else {
            StatusText.workers(AdminJson.read(admin, answer)).forEach(console::print);
        }
        return ExitCode.OK;
    }
}
