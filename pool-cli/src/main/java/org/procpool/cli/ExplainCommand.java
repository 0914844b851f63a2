package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.procpool.cli.text.OneLine;
import org.procpool.proto.TaskId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool explain}. */
@Command(
        name = "explain",
        description = "Tells the life of an unfinished task so far, and why it does not run if it does not.",
        footer = {
            "",
            "Exit code: 0, 8 if no such task is under way, 6 if the server cannot be reached.",
            "",
            "Examples:",
            "  procpool explain 2vfn000000004",
            "  procpool explain 2vfn000000004 --json"
        })
final class ExplainCommand extends CliCommand {

    @Option(names = "--json", description = "Prints the service's JSON as it is.")
    private boolean json;

    @Mixin
    private final TaskIdArgument task = new TaskIdArgument();

    @Mixin
    private final AdminOption admin = new AdminOption();

    ExplainCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        String answer = admin.get("/api/explain?id=" + TaskId.format(task.id()));
        if (json) {
            console.print(answer.strip());
        } else {
            for (JsonNode line : AdminJson.read(admin, answer).path("lines")) {
                console.print(OneLine.of(line.asText()));
            }
        }
        return ExitCode.OK;
    }
}
