package org.procpool.cli;

import java.time.Duration;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskResult;
import org.procpool.client.TaskStatus;
import org.procpool.proto.TaskId;
import org.procpool.proto.TaskState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool result}: the outcome of a detached task. */
@Command(
        name = "result",
        description = "Prints the result of a task that was submitted with --detach.",
        footer = {
            ExitCode.HELP,
            "8: nothing is known of the task, or its outcome is no longer kept. 9: it has not ended yet.",
            "",
            "Examples:",
            "  procpool result 5w3k9q0000001",
            "  procpool result 5w3k9q0000001 --wait 1m --show json"
        })
final class ResultCommand extends CliCommand {

    @Mixin
    private final TaskIdArgument task = new TaskIdArgument();

    @Option(names = "--wait", paramLabel = "D", description = "Waits so long for the outcome, such as 30s; default 0s.")
    private Duration wait = Duration.ZERO;

    @Mixin
    private final ShowOption show = new ShowOption();

    @Mixin
    private final ServerOption server = new ServerOption();

    ResultCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        try (PoolClient client = server.connect(false)) {
            TaskStatus status = Futures.join(client.query(task.id(), wait));
            TaskResult result = status.result();
            return result == null ? withoutResult(status) : show.show(console, "the task", null, result);
        }
    }

    private int withoutResult(TaskStatus status) {
        String id = TaskId.format(task.id());
        if (status.state() == TaskState.GONE || status.state() == TaskState.FINISHED) {
            console.error("task " + id + " is GONE: "
                    + (status.detail().isEmpty() ? "nothing is known of it" : status.detail()));
            return ExitCode.GONE;
        }
        console.error("task " + id + " has not ended, it is " + status.state()
                + (status.detail().isEmpty() ? "" : ": " + status.detail()) + "; --wait 30s waits for it");
        return ExitCode.NOT_ENDED;
    }
}
