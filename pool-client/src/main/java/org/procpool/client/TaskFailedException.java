package org.procpool.client;

import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;

/** Where the caller asked for a value and not for a {@link TaskResult}: the task did not succeed. */
public final class TaskFailedException extends ClientException {

    private final transient TaskResult result;

    public TaskFailedException(String task, TaskResult result) {
        super(TASK_FAILED, message(task, result));
        this.result = result;
    }

    private static String message(String task, TaskResult result) {
        TaskError error = result.error();
        String id = result.taskId() == 0 ? "" : " " + TaskId.format(result.taskId());
        String why = error == null ? "" : ": " + error.type() + ": " + error.message();
        return "task '" + task + "'" + id + " ended " + result.outcome() + why;
    }

    /** How it ended. */
    public TaskResult result() {
        return result;
    }
}
