package org.procpool.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool tasks}. */
@Command(
        name = "tasks",
        description = "Lists unfinished tasks, those that run first.",
        footer = {
            "",
            "Exit code: 0, or 6 if the server cannot be reached.",
            "",
            "Examples:",
            "  procpool tasks",
            "  procpool tasks --json"
        })
final class TasksCommand extends CliCommand {

    @Option(names = "--json", description = "Prints the service's JSON as it is.")
    private boolean json;

    @Option(names = "--limit", paramLabel = "N", description = "Lists so many, up to 10000; default 100.")
    private int limit = 100;

    @Mixin
    private final AdminOption admin = new AdminOption();

    TasksCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String answer = admin.get("/api/tasks?limit=" + limit);
        if (json) {
            console.print(answer.strip());
        } else {
            StatusText.tasks(AdminJson.read(admin, answer)).forEach(console::print);
        }
        return ExitCode.OK;
    }
}
