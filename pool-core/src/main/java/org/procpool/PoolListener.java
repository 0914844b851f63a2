package org.procpool;

import org.procpool.task.Autopsy;
import org.procpool.task.WorkerId;

/**
 * Is told the life of each worker, in order, on the pool's callback thread. Exceptions are logged and go no further.
 */
public interface PoolListener {

    /** A process was started. */
    default void workerStarted(WorkerStarted event) {}

    /** It is booted: takes tasks, or waits as a spare. */
    default void workerReady(WorkerReady event) {}

    /** The first of its sockets closed; its exit follows. */
    default void workerDisconnected(WorkerDisconnected event) {}

    /** It has been reaped, or could not be started at all. */
    default void workerExited(WorkerExited event) {}

    /** The pool is DEGRADED from now on. */
    default void poolDegraded(PoolDegraded event) {}

    /** The pool is no longer DEGRADED. */
    default void poolRecovered() {}

    /** A process was started. */
    record WorkerStarted(WorkerId worker, long pid) {}

    /**
     * A worker takes tasks.
     *
     * @param bootMillis from its launch
     */
    record WorkerReady(WorkerId worker, long pid, long bootMillis) {}

    /** A worker's socket closed. */
    record WorkerDisconnected(WorkerId worker, long pid) {}

    /** A worker is gone; the autopsy tells why, and what that cost. */
    record WorkerExited(Autopsy autopsy) {}

    /** Workers died so often that replacements are held back; {@code why} has the numbers. */
    record PoolDegraded(String why) {}
}
