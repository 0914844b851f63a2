package org.procpool.proto;

/** Where a task stands, as a client is told; the order is that of client.proto. */
public enum TaskState {
    /** Never seen here, or its outcome was delivered or is no longer kept. Not the outcome UNKNOWN. */
    GONE,
    QUEUED,
    RUNNING,
    /** Waits for its next attempt. */
    WAITING,
    /** A cancel is under way. */
    CANCELLING,
    /** It ended; its outcome went, or goes, to the connection that submitted it. */
    FINISHED;

    private static final TaskState[] BY_CODE = values();

    /** The number in client.proto. */
    public int code() {
        return ordinal();
    }

    /** The state of that number; WAITING for numbers of later versions, since such a task is neither gone nor ended. */
    public static TaskState ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : WAITING;
    }
}
