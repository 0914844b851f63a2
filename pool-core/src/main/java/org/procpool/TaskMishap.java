package org.procpool;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;

/**
 * The end of an accepted task that did not succeed. Holds no payload; long texts are cut, since many are kept.
 *
 * @param endedNanos on the loop's clock
 * @param worker that ran the last attempt; null if it never ran
 * @param outputTail what the worker has printed last
 */
public record TaskMishap(
        long endedNanos,
        long taskId,
        String task,
        OutcomeKind outcome,
        @Nullable WorkerId worker,
        long workerPid,
        int attempts,
        long queuedNanos,
        long runNanos,
        String type,
        String message,
        String stack,
        String outputTail) {

    private static final int MESSAGE_CHARS_MAX = 500;
    private static final int TEXT_CHARS_MAX = 4_000;

    static TaskMishap of(Task task, Outcome outcome, long nowNanos) {
        TaskError error = outcome.error() == null ? TaskError.of("", "") : outcome.error();
        return new TaskMishap(
                nowNanos,
                task.id(),
                task.spec().name(),
                outcome.kind(),
                outcome.worker(),
                outcome.workerPid(),
                outcome.attempts(),
                outcome.queuedNanos(),
                outcome.runNanos(),
                error.type(),
                cut(error.message(), MESSAGE_CHARS_MAX),
                cut(error.stack(), TEXT_CHARS_MAX),
                cut(error.outputTail(), TEXT_CHARS_MAX));
    }

    private static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax) + "…";
    }
}
