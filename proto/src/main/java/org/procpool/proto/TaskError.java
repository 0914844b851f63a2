package org.procpool.proto;

/**
 * Why a task did not succeed.
 *
 * @param type FAILED: the exception's class; else a reason in capitals such as QUEUE_FULL, RUN_TIMEOUT, SIGKILL
 * @param message one sentence for people
 * @param stack FAILED: the handler's stack; else empty
 * @param outputTail the last lines that the worker printed while the task ran; may be empty
 */
public record TaskError(String type, String message, String stack, String outputTail) {

    public static TaskError of(String type, String message) {
        return new TaskError(type, message, "", "");
    }
}
