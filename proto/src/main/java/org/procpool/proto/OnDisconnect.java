package org.procpool.proto;

/** What becomes of a connection's attached tasks when it ends before they do; the order is that of client.proto. */
public enum OnDisconnect {
    /** Those that have not started are cancelled after the service's grace; running ones finish unseen. */
    CANCEL_QUEUED,
    /** Running ones are cancelled too, at the same moment. */
    CANCEL_ALL,
    /** All of them run; nobody learns their outcome. */
    KEEP;

    private static final OnDisconnect[] BY_CODE = values();

    /** The number in client.proto. */
    public int code() {
        return ordinal();
    }

    /** The rule of that number; the default for numbers of later versions. */
    public static OnDisconnect ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : CANCEL_QUEUED;
    }
}
