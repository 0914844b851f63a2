package org.procpool.client;

import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.TaskError;

/**
 * The one end of a task, as the service told it; or as the client knows it, when the service cannot tell any more.
 *
 * @param taskId the service's id; 0 if the task was never accepted, or not known to be
 * @param workerId slot of the worker that ran the last attempt, from 1; 0 if it never ran
 * @param workerPid of that worker; 0 if it never ran
 * @param attempts how often it started
 * @param queuedMicros from acceptance to the start of the last attempt, or to the outcome if it never ran
 * @param runMicros of the last attempt
 * @param error why it did not succeed; null when SUCCEEDED
 * @param payload the handler's answer; empty unless SUCCEEDED
 */
public record TaskResult(
        long taskId,
        OutcomeKind outcome,
        int workerId,
        long workerPid,
        int attempts,
        long queuedMicros,
        long runMicros,
        @Nullable TaskError error,
        Payload payload) {

    /** {@link TaskError#type} of UNKNOWN: the service had accepted the task when the connection was lost. */
    public static final String LOST_AFTER_ACCEPTED = "LOST_AFTER_ACCEPTED";
    /** {@link TaskError#type} of UNKNOWN: the task was sent, and the connection lost before the service said a word. */
    public static final String LOST_BEFORE_ACCEPTED = "LOST_BEFORE_ACCEPTED";
    /** {@link TaskError#type} of UNKNOWN and EXPIRED: the request's local deadline passed. */
    public static final String DEADLINE = "DEADLINE";
    /** {@link TaskError#type} of REJECTED: never sent, since there is no connection and none will be tried. */
    public static final String DISCONNECTED = "DISCONNECTED";
    /** {@link TaskError#type} of REJECTED: never sent, since the service drains and there is no other address. */
    public static final String DRAINING = "DRAINING";
    /** {@link TaskError#type} of REJECTED: never sent, since the payload is over the service's limit. */
    public static final String PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE";
    /** {@link TaskError#type} of CANCELLED: taken back before it was sent. */
    public static final String CANCELLED_LOCALLY = "CANCELLED_LOCALLY";
    /** {@link TaskError#type} of REJECTED and UNKNOWN: the client was closed first. */
    public static final String CLIENT_CLOSED = "CLIENT_CLOSED";

    static TaskResult of(ResultFrame frame) {
        return new TaskResult(
                frame.taskId(),
                frame.outcome(),
                frame.workerId(),
                frame.workerPid(),
                frame.attempts(),
                frame.queuedMicros(),
                frame.runMicros(),
                frame.error(),
                frame.payload());
    }

    static TaskResult local(OutcomeKind outcome, long taskId, TaskError error) {
        return new TaskResult(taskId, outcome, 0, 0, 0, 0, 0, error, Payload.EMPTY);
    }

    public boolean succeeded() {
        return outcome == OutcomeKind.SUCCEEDED;
    }
}
