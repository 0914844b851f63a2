package org.procpool.task;

/** Why a task was never accepted. Its name is the {@code type} of the error that the caller gets. */
public enum RejectReason {
    /** No worker has a handler of that name. */
    UNKNOWN_TASK,
    /** The queue is at its limit of tasks or bytes. */
    QUEUE_FULL,
    /** As many tasks of this client wait as may. */
    CLIENT_QUEUE_FULL,
    /** The payload is over the limit. */
    PAYLOAD_TOO_LARGE,
    /** The pool is shutting down. */
    DRAINING,
    /** A number is out of its range. */
    INVALID,
    /** Tasks of its kind kill worker after worker, or an operator holds them back. */
    QUARANTINED,
    /** The store could not keep the task. */
    STORE_FAILED
}
