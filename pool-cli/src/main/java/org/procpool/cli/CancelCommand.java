package org.procpool.cli;

import org.procpool.client.PoolClient;
import org.procpool.client.TaskStatus;
import org.procpool.proto.TaskId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code procpool cancel}. */
@Command(
        name = "cancel",
        description = "Ends a task: one that waits never runs, one that runs is interrupted and after a grace killed.",
        footer = {
            "",
            "Who submitted it gets the outcome CANCELLED.",
            "Exit code: 0 it is being ended or has ended, 6 the server cannot be reached, 8 nothing is known of it.",
            "",
            "Example:",
            "  procpool cancel 5w3k9q0000001"
        })
final class CancelCommand extends CliCommand {

    @Mixin
    private final TaskIdArgument task = new TaskIdArgument();

    @Mixin
    private final ServerOption server = new ServerOption();

    CancelCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        try (PoolClient client = server.connect(false)) {
            TaskStatus status = Futures.join(client.cancel(task.id()));
            String id = TaskId.format(task.id());
            String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
            switch (status.state()) {
                case GONE -> {
                    console.error("task " + id + " is GONE: "
                            + (status.detail().isEmpty() ? "nothing is known of it" : status.detail()));
                    return ExitCode.GONE;
                }
                case FINISHED -> console.error("task " + id + " had ended already" + detail);
                case QUEUED, RUNNING, WAITING, CANCELLING ->
                    console.error("task " + id + " is being cancelled" + detail);
            }
            return ExitCode.OK;
        }
    }
}
