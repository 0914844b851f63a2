package org.procpool.cli;

import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;

/** Says in one line how a task ended that did not succeed, and what can be done about it. */
final class ResultText {

    private ResultText() {}

    /**
     * The sentence.
     *
     * @param subject for example {@code task 'fib'} or {@code photo.jpg}
     */
    static String sentence(String subject, TaskResult result) {
        StringBuilder text = new StringBuilder(subject);
        if (result.taskId() != 0) {
            text.append(" (id ").append(TaskId.format(result.taskId())).append(')');
        }
        text.append(' ').append(result.outcome());
        TaskError error = result.error();
        if (result.outcome() == OutcomeKind.FAILED && result.workerId() != 0) {
            text.append(" on worker ").append(result.workerId());
            text.append(" (pid ").append(result.workerPid()).append(')');
        }
        if (error != null) {
            text.append(": ");
            if (result.outcome() == OutcomeKind.FAILED) {
                text.append(error.type()).append(": ");
            }
            text.append(error.message());
        }
        if (error != null && !error.autopsy().isEmpty()) {
            text.append("; 'procpool workers --dead' has the report");
        }
        return text.append(advice(result)).toString();
    }

    private static String advice(TaskResult result) {
        TaskError error = result.error();
        return switch (result.outcome()) {
            case FAILED -> error == null || error.stack().isEmpty() ? "" : "; --show json has the stack";
            case WORKER_LOST -> "; if it is safe to repeat, submit it with --max-attempts 2";
            case TIMED_OUT -> "; --timeout gives it longer";
            case EXPIRED -> "; --deadline gives it longer, --priority puts it ahead";
            case UNKNOWN -> "; whether it ran is not known, 'procpool status' shows if the server is back";
            case SUCCEEDED, CANCELLED, REJECTED -> "";
        };
    }
}
