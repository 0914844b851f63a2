package org.procpool.proto;

/** How a task can end. Each accepted task ends in exactly one of these. */
public enum OutcomeKind {
    /** The handler returned; there is a result payload. */
    SUCCEEDED,
    /** The handler threw; its worker lives on. */
    FAILED,
    /** It ran past its run limit. */
    TIMED_OUT,
    /** Its deadline passed before it started; it never ran. */
    EXPIRED,
    /** Its worker died while running it. */
    WORKER_LOST,
    /** By the client, or by a shutdown past the drain time-out. */
    CANCELLED,
    /** Never accepted. */
    REJECTED,
    /** Only a client says this: the connection was lost before the outcome came. */
    UNKNOWN;

    private static final OutcomeKind[] BY_CODE = values();

    /** The number in client.proto; UNKNOWN has none, since it never travels. */
    public int code() {
        return this == UNKNOWN ? 0 : ordinal() + 1;
    }

    /** The kind of that number; UNKNOWN for numbers of later versions. */
    public static OutcomeKind ofCode(int code) {
        return code >= 1 && code < BY_CODE.length ? BY_CODE[code - 1] : UNKNOWN;
    }
}
