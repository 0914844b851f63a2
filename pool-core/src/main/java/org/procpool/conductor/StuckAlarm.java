package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Durations;
import org.procpool.task.WorkerId;

/**
 * Notices that tasks wait although a worker has nothing to do. Whatever happens to workers and clients, that cannot be;
 * if it is so for a second, this very program is at fault, and somebody should know. It looks at the workers
 * themselves, not at what the dispatching believes of them, twice a second, and only while something waits. Owned by
 * the conductor's thread.
 */
final class StuckAlarm {

    private static final long LOOK_NANOS = 500_000_000L;
    private static final long STUCK_NANOS = 1_000_000_000L;

    private final Effects effects;
    private final Deadlines deadlines;
    private final TaskQueue queue;
    private final WorkerTable workers;
    private final Alarm look = new Alarm(false, now -> lookIsDue());
    /** The look waits for the end of the turn, when all that can be handed out has been. */
    private boolean due;

    /** Since then it had nothing to do at each look, and got nothing between them; null if there is no such worker. */
    private @Nullable WorkerId idle;

    private long idleLastOffer;
    private long idleSinceNanos;
    private boolean raised;

    StuckAlarm(Effects effects, Deadlines deadlines, TaskQueue queue, WorkerTable workers) {
        this.effects = effects;
        this.deadlines = deadlines;
        this.queue = queue;
        this.workers = workers;
    }

    private void lookIsDue() {
        due = true;
    }

    /**
     * Ends a turn, when what waits has been handed out as far as there is room.
     *
     * @param paused whether nothing is to be handed out
     */
    void turned(boolean paused, long nowNanos) {
        boolean waits = !paused && queue.hasRunnable();
        if (due) {
            due = false;
            look(waits ? idleWorker() : null, nowNanos);
        }
        if (!look.isSet() && (waits || raised)) {
            deadlines.setIn(look, nowNanos, LOOK_NANOS);
        }
    }

    private void look(@Nullable Worker found, long nowNanos) {
        if (found == null) {
            idle = null;
            if (raised) {
                raised = false;
                effects.unstuck();
            }
        } else if (!isNoted(found)) {
            idle = found.id;
            idleLastOffer = found.lastOffer;
            idleSinceNanos = nowNanos;
        } else if (!raised && nowNanos - idleSinceNanos >= STUCK_NANOS) {
            raised = true;
            effects.stuck("tasks wait, " + queue.size() + " in all, although worker " + found.id
                    + " has had nothing to do for " + Durations.format(nowNanos - idleSinceNanos)
                    + "; that is a fault of procpool itself: restart it, and please report this with the log");
        }
    }

    private boolean isNoted(Worker worker) {
        return worker.id.equals(idle) && worker.lastOffer == idleLastOffer;
    }

    /** Somebody who should have been given one of the tasks; if there are several, the one that was found before. */
    private @Nullable Worker idleWorker() {
        Worker found = null;
        for (Worker worker : workers.all()) {
            boolean free = worker.takesOffers() && worker.offers().held() == 0;
            if (free && (found == null || isNoted(worker))) {
                found = worker;
            }
        }
        return found;
    }

    /** Nothing comes any more. */
    void close() {
        deadlines.cancel(look);
    }
}
