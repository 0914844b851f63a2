package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;

/** Tells clients where a task stands. */
final class TaskStatuses {

    private TaskStatuses() {}

    /**
     * The answer to a Query or Cancel.
     *
     * @param task null if it is not, or no longer, under way
     * @param kept whether its outcome is
     */
    static TaskStatusFrame of(long correlation, long taskId, @Nullable Task task, boolean kept) {
        if (task != null) {
            return new TaskStatusFrame(correlation, taskId, state(task), detail(task));
        }
        return kept
                ? new TaskStatusFrame(correlation, taskId, TaskState.FINISHED, "it has ended; its outcome is kept")
                : new TaskStatusFrame(
                        correlation,
                        taskId,
                        TaskState.GONE,
                        "never seen here, or its outcome was delivered or is no longer kept");
    }

    private static TaskState state(Task task) {
        if (task.stopping()) {
            return TaskState.CANCELLING;
        }
        return switch (task.state()) {
            case ACCEPTING, QUEUED -> TaskState.QUEUED;
            case RUNNING -> task.started() ? TaskState.RUNNING : TaskState.QUEUED;
            case WAITING -> TaskState.WAITING;
            case SETTLING, SETTLED -> TaskState.FINISHED;
        };
    }

    private static String detail(Task task) {
        return switch (task.state()) {
            case ACCEPTING, QUEUED -> "it waits for a worker";
            case RUNNING ->
                task.started()
                        ? "it runs on worker " + task.workerSlot() + ", attempt " + task.attempts()
                        : "handed to worker " + task.workerSlot() + ", not started";
            case WAITING ->
                "it waits for attempt " + (task.attempts() + 1) + " of "
                        + task.spec().maxAttempts();
            case SETTLING, SETTLED -> "it has ended";
        };
    }
}
