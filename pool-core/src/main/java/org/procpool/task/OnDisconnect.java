package org.procpool.task;

/** What becomes of a client's attached tasks when it vanishes before they end. */
public enum OnDisconnect {
    /** Those that have not started are cancelled after a grace; running ones finish unseen. */
    CANCEL_QUEUED,
    /** Running ones are cancelled too, at the same moment. */
    CANCEL_ALL,
    /** All of them run. */
    KEEP
}
