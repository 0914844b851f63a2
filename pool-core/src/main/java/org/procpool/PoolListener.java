package org.procpool;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
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

    /** It gets no more tasks, and leaves when it has finished what it runs. */
    default void workerRetiring(WorkerRetiring event) {}

    /** It has been reaped, or could not be started at all. */
    default void workerExited(WorkerExited event) {}

    /** The pool is DEGRADED from now on. */
    default void poolDegraded(PoolDegraded event) {}

    /** The pool is no longer DEGRADED. */
    default void poolRecovered() {}

    /** Tasks wait although a worker has nothing to do: a fault of this program. */
    default void poolStuck(PoolStuck event) {}

    /** That is no longer so. */
    default void poolUnstuck() {}

    /** Another number of workers serves from now on. */
    default void poolResized(PoolResized event) {}

    /** Nothing is started any more, though tasks are accepted. */
    default void poolPaused() {}

    /** Tasks are started again. */
    default void poolResumed() {}

    /** A rolling restart has ended, one way or the other. */
    default void poolRolled(PoolRolled event) {}

    /** Tasks of that name are held back from now on. */
    default void taskQuarantined(TaskQuarantined event) {}

    /** They are held back no longer. */
    default void taskReleased(TaskReleased event) {}

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
     * A worker leaves in its own time.
     *
     * @param why RECYCLED, SCALED_DOWN or RELOADED
     * @param detail the numbers behind it
     */
    record WorkerRetiring(WorkerId worker, long pid, Departure why, String detail) {}

    /** So many workers serve from now on, and so many did before. */
    record PoolResized(int from, int to, String why) {}

    /**
     * A rolling restart has ended.
     *
     * @param release counts up from 1, which is what the pool was started with
     * @param failure why the workers stay what they were; null if all have been replaced
     */
    record PoolRolled(int release, @Nullable String failure) {}

    /**
     * Tasks of that name are refused from now on, and those that had not begun have ended.
     *
     * @param why what happened, with the numbers
     * @param byHand whether an operator said so
     */
    record TaskQuarantined(String task, String why, boolean byHand) {}

    /** Tasks of that name are taken again. */
    record TaskReleased(String task, String why) {}

    /** A worker is gone; the autopsy tells why, and what that cost. */
    record WorkerExited(Autopsy autopsy) {}

    /** Workers died so often that replacements are held back; {@code why} has the numbers. */
    record PoolDegraded(String why) {}

    /** Tasks have waited for a second although a worker had nothing to do; {@code why} says who. */
    record PoolStuck(String why) {}
}
