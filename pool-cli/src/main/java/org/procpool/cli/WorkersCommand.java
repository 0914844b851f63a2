package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool workers}. */
@Command(
        name = "workers",
        description =
                "Lists the workers: process, state, what each has done and runs now; or tells how the last ones ended.",
        footer = {
            "",
            "--dead shows the reports of the last workers that are gone, the newest first: why, what each was running,"
                    + " what became of the tasks that it held, its last output, its threads if it hung.",
            "",
            "Exit code: 0, or 6 if the server cannot be reached.",
            "",
            "Examples:",
            "  procpool workers",
            "  procpool workers --json",
            "  procpool workers --dead"
        })
final class WorkersCommand extends CliCommand {

    @Option(names = "--dead", description = "Shows the reports of workers that are gone, the newest first.")
    private boolean dead;

    @Option(names = "--json", description = "Prints the service's JSON as it is.")
    private boolean json;

    @Mixin
    private final AdminOption admin = new AdminOption();

    WorkersCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String answer = admin.get(dead ? "/api/workers/dead" : "/api/workers");
        if (json) {
            console.print(answer.strip());
            return ExitCode.OK;
        }
        JsonNode read = AdminJson.read(admin, answer);
        List<String> lines = dead ? StatusText.deadWorkers(read) : StatusText.workers(read);
        lines.forEach(console::print);
        return ExitCode.OK;
    }
}
