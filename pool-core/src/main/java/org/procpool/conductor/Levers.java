package org.procpool.conductor;

import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.procpool.task.QuarantinedTask;

/**
 * What an operator may do to a running pool: inputs of the conductor like its others, and under the same rules. Without
 * effect once the pool is shutting down.
 */
public final class Levers {

    private final Effects effects;
    private final TaskFlow tasks;
    private final OfferFlow offers;
    private final WorkerFlow workers;
    private final Explanation explanation;
    private final LongConsumer after;

    /** @param after ends every input */
    Levers(
            ConductorOptions options,
            Effects effects,
            TaskFlow tasks,
            WorkerTable table,
            OfferFlow offers,
            WorkerFlow workers,
            LongConsumer after) {
        this.effects = effects;
        this.tasks = tasks;
        this.offers = offers;
        this.workers = workers;
        this.explanation = new Explanation(options, tasks, table);
        this.after = after;
    }

    /**
     * So many workers are to serve from now on. More are launched at once; those that are too many finish what they
     * run.
     *
     * @param count as {@link Elasticity#checkScale} allows
     */
    public void onScale(int count, long nowNanos) {
        workers.scale(count, "asked for", nowNanos);
        after.accept(nowNanos);
    }

    /** So much may wait from now on; what waits already stays. As {@link ConductorOptions} allows. */
    public void onQueueLimits(int tasksMax, long bytesMax) {
        tasks.limits().queue(tasksMax, bytesMax);
    }

    /** Run time-out of tasks that have none of their own, and grace, for what begins from now on. */
    public void onRunLimits(long timeoutNanos, long graceNanos) {
        tasks.limits().run(timeoutNanos, graceNanos);
    }

    /** So much may each client take up from now on; what it has stays, also beyond a lower limit. */
    public void onClientLimits(ClientLimits limits, long nowNanos) {
        tasks.limitClients(limits);
        after.accept(nowNanos);
    }

    public LiveLimits limits() {
        return tasks.limits();
    }

    /** Nothing more is started until {@link #onUnpause}; tasks are accepted all the same. */
    public void onPause(long nowNanos) {
        if (!offers.paused() && !workers.windsDown()) {
            offers.pause(true, nowNanos);
            effects.paused(true);
            after.accept(nowNanos);
        }
    }

    public void onUnpause(long nowNanos) {
        unpause(nowNanos);
        after.accept(nowNanos);
    }

    private void unpause(long nowNanos) {
        if (offers.paused()) {
            offers.pause(false, nowNanos);
            effects.paused(false);
        }
    }

    /**
     * Replaces all workers by such of another release, one by one; answered by {@link Effects#rolled}.
     *
     * @param release higher than any before; workers are launched with release 1 at first
     * @return false if another one is under way, or the pool is shutting down
     */
    public boolean onRoll(int release, long nowNanos) {
        boolean accepted = workers.roll(release, nowNanos);
        after.accept(nowNanos);
        return accepted;
    }

    /**
     * Replaces one worker, when its successor is ready and nobody else is out.
     *
     * @return false if there is none in that place that is ready, or the pool is shutting down
     */
    public boolean onReplace(int slot, long nowNanos) {
        boolean accepted = workers.replace(slot, nowNanos);
        after.accept(nowNanos);
        return accepted;
    }

    /**
     * Holds tasks of that name back until {@link #onRelease}, and ends those that have not begun.
     *
     * @return why not; null if it is done
     */
    public @Nullable String onQuarantine(String name, long nowNanos) {
        String refusal = workers.windsDown()
                ? "the pool is shutting down"
                : tasks.admission().whyUnknown(name);
        if (refusal == null && !tasks.quarantine().addByHand(name, nowNanos)) {
            refusal = "too many tasks are in quarantine; release one of them";
        }
        if (refusal == null) {
            tasks.endHeldBack(name, nowNanos);
        }
        after.accept(nowNanos);
        return refusal;
    }

    /** Lets tasks of that name through again. False if they were not held back. */
    public boolean onRelease(String name, long nowNanos) {
        boolean released = tasks.quarantine().release(name, "an operator said so");
        after.accept(nowNanos);
        return released;
    }

    /** By name. */
    public List<QuarantinedTask> quarantined(long nowNanos) {
        return tasks.quarantine().list(nowNanos);
    }

    /** The task's life so far in sentences, and why it does not run if it does not; empty if it is unknown or over. */
    public List<String> explain(long taskId, long nowNanos) {
        Task task = tasks.table().get(taskId);
        return task == null ? List.of() : explanation.of(task, offers.paused(), workers.degraded(), nowNanos);
    }

    /** How many workers are to serve. */
    public int target() {
        return workers.staffing().target();
    }

    public boolean paused() {
        return offers.paused();
    }

    /** Whether workers are being replaced by such of another release. */
    public boolean rolling() {
        return workers.rolling();
    }

    /** The pool shuts down, with which the caller goes on: what waits can run, and nobody is replaced any more. */
    void windDown(long nowNanos) {
        workers.windDown();
        unpause(nowNanos);
    }
}
