package org.procpool.conductor;

import org.procpool.conductor.Worker.Phase;
import org.procpool.task.Durations;

/**
 * Changes how many workers serve, one at a time: up at once when tasks wait long, down slowly when workers are idle for
 * long. Owned by the conductor's thread.
 */
final class Autoscale {

    /** One more is wanted when a task has waited so long, and so long after the last change. */
    private static final long GROW_NANOS = 500_000_000L;
    /** While tasks wait, the oldest is looked at so often. */
    private static final long LOOK_NANOS = 100_000_000L;
    /** Looks in an idle time: somebody must be idle at each of them. */
    private static final int LOOKS = 20;

    private final Elasticity elasticity;
    private final int least;
    private final int most;
    private final Deadlines deadlines;
    private final TaskFlow tasks;
    private final OfferFlow offers;
    private final WorkerFlow workers;
    private final WorkerTable table;
    private final Alarm look = new Alarm(false, this::lookDue);

    private int target;
    private long changes;
    private long changedNanos;
    /** At the last look something waited; a task that has just come back may be old, and run at once. */
    private boolean waited;
    /** At each look since then nothing waited and somebody was idle. */
    private long idleSinceNanos;

    Autoscale(
            ConductorOptions options,
            Deadlines deadlines,
            TaskFlow tasks,
            OfferFlow offers,
            WorkerFlow workers,
            WorkerTable table,
            long nowNanos) {
        this.elasticity = options.elasticity();
        this.least = elasticity.least(options.workers());
        this.most = elasticity.most(options.workers());
        this.deadlines = deadlines;
        this.tasks = tasks;
        this.offers = offers;
        this.workers = workers;
        this.table = table;
        if (elasticity.isOn()) {
            changed(nowNanos);
            deadlines.setIn(look, nowNanos, idlePeriodNanos());
        }
    }

    /** Ends a turn: what could be handed out has been. */
    void turned(long nowNanos) {
        if (look.isSet()
                && look.dueNanos - nowNanos > LOOK_NANOS
                && waits()
                && workers.staffing().target() < most) {
            deadlines.setIn(look, nowNanos, LOOK_NANOS);
        }
    }

    private boolean waits() {
        return tasks.queue().hasRunnable() && !offers.paused();
    }

    private long idlePeriodNanos() {
        return elasticity.idleNanos() / LOOKS;
    }

    private void lookDue(long nowNanos) {
        if (workers.windsDown()) {
            return;
        }
        if (workers.staffing().changes() != changes) {
            changed(nowNanos);
        }
        boolean waits = waits();
        if (waits || offers.paused() || !somebodyIsIdle()) {
            idleSinceNanos = nowNanos;
        }
        if (isSteady()) {
            if (waits && waited) {
                grow(nowNanos);
            } else if (!waits && target > least && nowNanos - idleSinceNanos >= elasticity.idleNanos()) {
                change(
                        target - 1,
                        "somebody has had nothing to do for " + Durations.format(nowNanos - idleSinceNanos),
                        nowNanos);
            }
        }
        waited = waits;
        deadlines.setIn(look, nowNanos, waits && target < most ? LOOK_NANOS : idlePeriodNanos());
    }

    private void grow(long nowNanos) {
        long waitedNanos = tasks.waiting(nowNanos).oldestNanos();
        if (target < most && waitedNanos >= GROW_NANOS && nowNanos - changedNanos >= GROW_NANOS) {
            change(target + 1, "a task has waited for " + Durations.format(waitedNanos), nowNanos);
        }
    }

    /** Whether all serve that are to; who is missing comes back first, and may be all that was missing. */
    private boolean isSteady() {
        return workers.serving() == target && !workers.rolling() && !workers.degraded();
    }

    private boolean somebodyIsIdle() {
        for (Worker worker : table.all()) {
            if (worker.phase == Phase.READY && worker.offers().held() == 0) {
                return true;
            }
        }
        return false;
    }

    private void change(int count, String why, long nowNanos) {
        workers.scale(count, why, nowNanos);
        changed(nowNanos);
    }

    /** It is another number now, whoever wanted that. */
    private void changed(long nowNanos) {
        target = workers.staffing().target();
        changes = workers.staffing().changes();
        changedNanos = nowNanos;
        idleSinceNanos = nowNanos;
    }

    /** The pool is at its end. */
    void close() {
        deadlines.cancel(look);
    }
}
