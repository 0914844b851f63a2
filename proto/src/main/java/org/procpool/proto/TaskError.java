package org.procpool.proto;

/**
 * Why a task did not succeed.
 *
 * @param type FAILED: the exception's class; else a reason in capitals such as QUEUE_FULL, RUN_TIMEOUT, SIGKILL
 * @param message one sentence for people
 * @param stack FAILED: the handler's stack; else empty
 * @param outputTail the last lines that the worker printed while the task ran; may be empty
 * @param autopsy the report of the worker's end, a text of several lines for a bug report, that holds no payload; empty
 *     unless the worker was lost or killed
 */
public record TaskError(String type, String message, String stack, String outputTail, String autopsy) {

    /** A service sends at most so many characters of an autopsy. */
    public static final int AUTOPSY_CHARS_MAX = 64 * 1024;

    /** An error whose worker lives on. */
    public TaskError(String type, String message, String stack, String outputTail) {
        this(type, message, stack, outputTail, "");
    }

    public static TaskError of(String type, String message) {
        return new TaskError(type, message, "", "");
    }

    public TaskError withAutopsy(String text) {
        return new TaskError(type, message, stack, outputTail, text);
    }
}
