package org.procpool;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerId;

/**
 * Is told the life of each worker, in order, on the pool's callback thread. Exceptions are logged and go no further.
 */
public interface PoolListener {

    /** A process was started. */
    default void workerStarted(WorkerStarted event) {}

    /** It is booted and takes tasks. */
    default void workerReady(WorkerReady event) {}

    /** The first of its sockets closed; its exit follows. */
    default void workerDisconnected(WorkerDisconnected event) {}

    /** It has been reaped, or could not be started at all. */
    default void workerExited(WorkerExited event) {}

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

    /**
     * A worker is gone.
     *
     * @param pid 0 if there never was a process
     * @param exit null if there never was a process
     * @param runningTaskId the task that it was running; 0 if none
     * @param runningTask the name of that task
     * @param outputTail the last lines that it printed
     */
    record WorkerExited(
            WorkerId worker,
            long pid,
            Departure why,
            @Nullable ExitStatus exit,
            long runningTaskId,
            @Nullable String runningTask,
            String outputTail) {}
}
