package org.procpool.conductor;

import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;
import org.procpool.task.Departure;
import org.procpool.task.Durations;

/** The pace at which places are filled again after their workers' deaths. Owned by the conductor's thread. */
final class Restarts {

    /** While the pool is degraded, a place waits so long before its next try, or as long as the window is. */
    private static final long SLOWEST_PACE_NANOS = 30_000_000_000L;

    private final ConductorOptions options;
    private final Effects effects;
    private final Deadlines deadlines;
    private final Backoff backoff;
    private final RestartBudget budget;
    private final ObjLongConsumer<Worker> launch;
    private final Alarm recovery = new Alarm(false, this::recoveryDue);
    private boolean degraded;

    /** @param launch starts the place's next process at that time */
    Restarts(
            ConductorOptions options,
            Effects effects,
            Deadlines deadlines,
            RandomGenerator random,
            ObjLongConsumer<Worker> launch) {
        this.options = options;
        this.effects = effects;
        this.deadlines = deadlines;
        this.backoff = new Backoff(random);
        this.budget = new RestartBudget(options.restartsMax(), options.restartWindowNanos());
        this.launch = launch;
    }

    boolean degraded() {
        return degraded;
    }

    /** The worker is gone; its place starts over if it has served long enough. */
    static void judge(Worker worker, long nowNanos) {
        if (worker.wasReady() && Backoff.proven(nowNanos - worker.readyNanos(), worker.results, worker.repeats)) {
            worker.repeats = 0;
        }
    }

    /** Fills the place again, now or after its delay. */
    void replace(Worker worker, Departure why, long nowNanos) {
        worker.restartCounts = why == Departure.DRAINED
                || !why.isPlanned() && why != Departure.TIMED_OUT && why != Departure.CANCELLED;
        if (!worker.restartCounts) {
            // It left by choice or because of a task: that is no failure of its place.
            worker.repeats = 0;
            launch.accept(worker, nowNanos);
            return;
        }
        long delay = backoff.delayNanos(worker.repeats);
        worker.repeats++;
        if (degraded) {
            delay = Math.max(delay, slowestPaceNanos());
        }
        if (delay == 0) {
            due(worker, nowNanos);
        } else {
            deadlines.setIn(worker, nowNanos, delay);
        }
    }

    /** Its delay is over: launches it if the budget allows; else it waits, and the pool is degraded. */
    void due(Worker worker, long nowNanos) {
        if (worker.restartCounts) {
            long free = budget.freeFromNanos(nowNanos);
            if (free > nowNanos) {
                deadlines.set(worker, Math.max(free, nowNanos + slowestPaceNanos()));
                degrade(nowNanos);
                return;
            }
            budget.spend(nowNanos);
        }
        launch.accept(worker, nowNanos);
    }

    private long slowestPaceNanos() {
        return backoff.jittered(Math.min(SLOWEST_PACE_NANOS, options.restartWindowNanos()));
    }

    private void degrade(long nowNanos) {
        if (!degraded) {
            degraded = true;
            effects.degraded(options.restartsMax() + " workers died and were replaced within "
                    + Durations.format(options.restartWindowNanos())
                    + ", which is all that max-restarts allows; the next are replaced at the slowest pace");
            deadlines.set(recovery, budget.countAtMostFromNanos(options.restartsMax() / 2, nowNanos));
        }
    }

    private void recoveryDue(long nowNanos) {
        long from = budget.countAtMostFromNanos(options.restartsMax() / 2, nowNanos);
        if (from > nowNanos) {
            deadlines.set(recovery, from);
        } else {
            degraded = false;
            effects.recovered();
        }
    }

    /** Nothing is filled again any more. */
    void close() {
        deadlines.cancel(recovery);
    }
}
