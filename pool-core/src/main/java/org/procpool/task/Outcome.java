package org.procpool.task;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;

/**
 * The one end of a task.
 *
 * @param taskId 0 when REJECTED: it never got one
 * @param payload the result; empty unless SUCCEEDED
 * @param worker that ran the last attempt; null if it never ran
 * @param workerPid of that worker; 0 if it never ran
 * @param attempts how often it started
 * @param queuedNanos from acceptance to the start of the last attempt, or to the outcome if it never ran
 * @param runNanos of the last attempt, as the worker measured it where it could; 0 if it never ran
 * @param error why it did not succeed; null when SUCCEEDED
 */
public record Outcome(
        long taskId,
        OutcomeKind kind,
        Payload payload,
        @Nullable WorkerId worker,
        long workerPid,
        int attempts,
        long queuedNanos,
        long runNanos,
        @Nullable TaskError error) {

    public static Outcome rejected(RejectReason reason, String message) {
        return new Outcome(
                0, OutcomeKind.REJECTED, Payload.EMPTY, null, 0, 0, 0, 0, TaskError.of(reason.name(), message));
    }

    public boolean succeeded() {
        return kind == OutcomeKind.SUCCEEDED;
    }
}
