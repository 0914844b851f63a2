package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/**
 * What the conductor wants done. Implementations carry it out, or note it down to do so later, on the conductor's
 * thread; they never call back into the conductor from here, and never throw because a worker or client is gone.
 */
public interface Effects {

    /**
     * Start a process; answered by {@code onLaunched} or {@code onLaunchFailed}.
     *
     * @param release of which it is to be, see {@link Levers#onRoll}
     */
    void launch(WorkerId worker, int release);

    /** The worker takes part from now on; until then it was a spare. */
    void serves(WorkerId worker);

    /** Hand the task to the worker under that dispatch number; answered by {@code onResult}. */
    void offer(WorkerId worker, long dispatch, Task task);

    /**
     * Take an offer back, at once. Only asked of workers with a flight recorder.
     *
     * @return whether it was taken back: then the worker never runs it. False if it has started, or if that cannot be
     *     known
     */
    boolean revoke(WorkerId worker, long dispatch);

    /** Look how far the worker is; answered by {@code onObserved}, not before this call has returned. */
    void observe(WorkerId worker);

    /** Hand in all that the worker has answered so far; then {@code onAimed}. */
    void aim(WorkerId worker, long dispatch);

    /** Interrupt the worker's handler if it still runs that dispatch. */
    void interrupt(WorkerId worker, long dispatch);

    /** Ask the worker for a sign of life; answered by {@code onPong}. */
    void ping(WorkerId worker);

    /** Look at the worker's process from outside; answered by {@code onExamined}. */
    void examine(WorkerId worker);

    /** Look at the worker's memory; answered by {@code onWeighed}. */
    void weigh(WorkerId worker);

    /**
     * The worker takes part no more; it is told to leave when it has finished what it runs.
     *
     * @param detail the numbers behind it
     */
    void retiring(WorkerId worker, Departure why, String detail);

    /** No process is wanted in that place any more; the one that is in it, if any, has no successor. */
    void vacated(int slot);

    /** Tell the worker to finish and leave; answered by {@code onWorkerGone}. */
    void drain(WorkerId worker);

    /**
     * End the worker's process; answered by {@code onWorkerGone}, after what it had still said.
     *
     * @param why null if it is dying by itself and this only makes sure
     */
    void kill(WorkerId worker, @Nullable Departure why);

    /** Keep the record; answered by {@code onPersisted} or {@code onPersistFailed}. Only durable pools are asked. */
    void persist(long lsn, StoreRecord record);

    /** Tell the client that its task is accepted. */
    void accept(Task task);

    /** Tell the client that its task is not accepted. */
    void reject(Client client, long correlation, TaskSpec spec, RejectReason reason, String message);

    /** Tell the client how far its task is. */
    void progress(Task task, double fraction, String note);

    /** Tell the client how its task ended. The last thing ever said of it. */
    void complete(Task task, Outcome outcome);

    /** A worker has left for good. */
    void departed(Autopsy autopsy);

    /** Workers died so often that replacements are held back. */
    void degraded(String why);

    /** They are held back no longer. */
    void recovered();

    /** Tasks wait although a worker has nothing to do, for a second by now: a fault of this program. */
    void stuck(String why);

    /** That is no longer so. */
    void unstuck();

    /** From now on another number of workers serves. */
    void resized(int from, int to, String why);

    /** Nothing is started any more though tasks are accepted; or it is again. */
    void paused(boolean paused);

    /**
     * Tasks of that name are held back from now on; those that wait are ended.
     *
     * @param byHand whether an operator said so
     */
    void quarantined(String task, String why, boolean byHand);

    /** They are held back no longer. */
    void released(String task, String why);

    /**
     * All workers are of that release.
     *
     * @param failure why they are not, and stay what they were; null if they are
     */
    void rolled(int release, @Nullable String failure);

    /** No worker could be started at all: the pool is of no use. It is then drained. */
    void failed(String why);

    /** Nothing is left: no task, no process. */
    void drained();
}
