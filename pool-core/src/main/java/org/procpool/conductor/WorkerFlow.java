package org.procpool.conductor;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Durations;
import org.procpool.task.WorkerEnd;

/**
 * A worker's way from launch to reaping, who serves and who is a spare, and the pace of restarts. Owned by the
 * conductor's thread.
 */
final class WorkerFlow {

    /** While the pool is degraded, a place waits so long before its next try, or as long as the window is. */
    private static final long SLOWEST_PACE_NANOS = 30_000_000_000L;

    private final ConductorOptions options;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final OfferFlow offers;
    private final WorkerTable table;
    private final Liveness liveness;
    private final Backoff backoff;
    private final RestartBudget budget;
    private final Alarm recovery = new Alarm(false, this::recoveryDue);
    private boolean everReady;
    private boolean everFull;
    private boolean degraded;
    /** The pool's time is up: nothing would be left for a new process to do. */
    private boolean closed;

    private int serving;
    /** Boots that failed since no worker has been ready any more. */
    private int bootFailures;

    WorkerFlow(
            ConductorOptions options,
            Effects effects,
            Counters counters,
            Deadlines deadlines,
            OfferFlow offers,
            WorkerTable table,
            RandomGenerator random) {
        this.options = options;
        this.effects = effects;
        this.counters = counters;
        this.deadlines = deadlines;
        this.offers = offers;
        this.table = table;
        this.liveness = new Liveness(options.hangTimeoutNanos(), effects, deadlines);
        this.backoff = new Backoff(random);
        this.budget = new RestartBudget(options.restartsMax(), options.restartWindowNanos());
    }

    boolean everReady() {
        return everReady;
    }

    /** Workers in the rotation. */
    int serving() {
        return serving;
    }

    boolean degraded() {
        return degraded;
    }

    /** Whether so many boots failed in a row, with no worker ready, that waiting on is no use. */
    boolean hopeless() {
        return bootFailures >= options.bootAttempts();
    }

    /** Launches the places that serve; the spares follow when those are ready. */
    void start(long nowNanos) {
        for (int slot = 1; slot <= options.workers(); slot++) {
            launch(table.at(slot), nowNanos);
        }
    }

    private void launch(Worker worker, long nowNanos) {
        if (worker.id.generation() > 0) {
            counters.restarted();
        }
        worker.launch(nowNanos);
        deadlines.setIn(worker, nowNanos, options.bootTimeoutNanos());
        effects.launch(worker.id);
    }

    /** False if it comes too late to be of use. */
    boolean readied(Worker worker, boolean recorder, long nowNanos) {
        if (worker.phase != Phase.STARTING) {
            return false;
        }
        deadlines.cancel(worker);
        worker.readied(recorder, nowNanos);
        to(worker, Phase.SPARE);
        promote();
        liveness.begin(worker, nowNanos);
        everReady = true;
        bootFailures = 0;
        if (!everFull && serving == options.workers()) {
            everFull = true;
            for (int slot = options.workers() + 1; slot <= table.count() && !closed; slot++) {
                launch(table.at(slot), nowNanos);
            }
        }
        return true;
    }

    /** Fills the rotation from the spares. */
    private void promote() {
        for (Worker worker : table.all()) {
            if (serving == options.workers()) {
                return;
            }
            if (worker.phase == Phase.SPARE) {
                to(worker, Phase.READY);
            }
        }
    }

    /** Tells the worker to leave, if it is ready; what it has not begun goes elsewhere. */
    void retire(Worker worker, Departure why, long nowNanos) {
        if (worker.phase == Phase.READY || worker.phase == Phase.SPARE) {
            worker.departure = why;
            to(worker, Phase.DRAINING);
            offers.takeBackAll(worker, nowNanos);
            deadlines.setIn(worker, nowNanos, options.graceNanos());
            effects.drain(worker.id);
            if (why != Departure.DRAINED) {
                promote();
            }
        }
    }

    void kill(Worker worker, Departure why, long nowNanos) {
        if (worker.phase == Phase.ABSENT || worker.phase == Phase.DYING) {
            return;
        }
        if (worker.departure == null) {
            worker.departure = why;
        }
        die(worker, why, nowNanos);
    }

    private void die(Worker worker, @Nullable Departure why, long nowNanos) {
        dying(worker, nowNanos);
        effects.kill(worker.id, why);
        if (why != Departure.DRAINED) {
            promote();
        }
    }

    /** The first sign of its end: nothing new for it, and back what it has not begun. */
    private void dying(Worker worker, long nowNanos) {
        deadlines.cancel(worker);
        to(worker, Phase.DYING);
        worker.sign();
        offers.takeBackAll(worker, nowNanos);
        Offers held = worker.offers();
        for (long dispatch = held.oldest(); dispatch <= held.last(); dispatch++) {
            Task task = held.get(dispatch);
            if (task != null) {
                // Its worker's death ends it now; a limit that passes before the reaping must not be blamed.
                deadlines.cancel(task);
            }
        }
    }

    /** A socket closed: for all but a worker that was told to leave, that is a death. */
    void linkLost(Worker worker, long nowNanos) {
        if (worker.phase == Phase.STARTING || worker.phase == Phase.READY || worker.phase == Phase.SPARE) {
            die(worker, null, nowNanos);
        }
    }

    /** Its sign of life. */
    void heard(Worker worker) {
        worker.pulse.heard();
    }

    /** It was looked at from outside; kills it if it hangs. */
    void examined(Worker worker, boolean stopped, long cpuNanos, long nowNanos) {
        if (liveness.hangs(worker, stopped, cpuNanos, nowNanos)) {
            kill(worker, Departure.HUNG, nowNanos);
        }
    }

    /** Its process is no more, all it had still said is told; its offers can be judged. */
    void ended(Worker worker, long nowNanos) {
        if (worker.phase != Phase.DYING) {
            worker.leftByItself = worker.phase == Phase.DRAINING;
            dying(worker, nowNanos);
        }
    }

    /** After {@link #ended}, when the tasks it had are taken from it. */
    void gone(Worker worker, Autopsy autopsy, boolean replace, long nowNanos) {
        Departure why = autopsy.why();
        if (!worker.wasReady() && why != Departure.DRAINED && serving == 0) {
            bootFailures++;
        }
        if (worker.wasReady() && Backoff.proven(nowNanos - worker.readyNanos(), worker.results, worker.repeats)) {
            worker.repeats = 0;
        }
        to(worker, Phase.ABSENT);
        counters.departed(why);
        effects.departed(autopsy);
        if (why != Departure.DRAINED) {
            promote();
        }
        if (!replace || closed) {
            return;
        }
        worker.restartCounts = why != Departure.RECYCLED && why != Departure.TIMED_OUT && why != Departure.CANCELLED;
        if (worker.restartCounts) {
            restart(worker, nowNanos);
        } else {
            // It left at its own wish or because of a task: that is no failure of its place.
            worker.repeats = 0;
            launch(worker, nowNanos);
        }
    }

    /** From now on no process is launched. */
    void close() {
        closed = true;
        deadlines.cancel(recovery);
        for (Worker worker : table.all()) {
            if (worker.phase == Phase.ABSENT) {
                deadlines.cancel(worker);
            }
        }
    }

    /** Why a worker that is gone has left. */
    static Departure whyGone(Worker worker, @Nullable WorkerEnd end) {
        Departure wanted = worker.departure;
        if (wanted == Departure.RECYCLED
                && worker.leftByItself
                && (end == null || end.exit().code() != 0)) {
            wanted = null;
        }
        if (wanted != null) {
            return wanted;
        }
        if (!worker.wasReady()) {
            return Departure.BOOT_FAILED;
        }
        return end != null && end.outOfMemory() ? Departure.OUT_OF_MEMORY : Departure.CRASHED;
    }

    private void restart(Worker worker, long nowNanos) {
        long delay = backoff.delayNanos(worker.repeats);
        worker.repeats++;
        if (degraded) {
            delay = Math.max(delay, slowestPaceNanos());
        }
        if (delay == 0) {
            relaunch(worker, nowNanos);
        } else {
            deadlines.setIn(worker, nowNanos, delay);
        }
    }

    /** Launches it if the budget allows; else it waits, and the pool is degraded. */
    private void relaunch(Worker worker, long nowNanos) {
        if (worker.restartCounts) {
            long free = budget.freeFromNanos(nowNanos);
            if (free > nowNanos) {
                deadlines.set(worker, Math.max(free, nowNanos + slowestPaceNanos()));
                degrade(nowNanos);
                return;
            }
            budget.spend(nowNanos);
        }
        launch(worker, nowNanos);
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

    /** Its deadline has passed: the next process is due, or this one has had its time. */
    void due(Worker worker, long nowNanos) {
        switch (worker.phase) {
            case ABSENT -> relaunch(worker, nowNanos);
            case STARTING -> {
                if (worker.bootError.isEmpty()) {
                    worker.bootError = "it was not ready within " + Durations.format(options.bootTimeoutNanos());
                }
                kill(worker, Departure.BOOT_FAILED, nowNanos);
            }
            case DRAINING -> kill(worker, Departure.DRAINED, nowNanos);
            case READY, SPARE, DYING ->
                throw new IllegalStateException("worker " + worker.id + " has a deadline in phase " + worker.phase);
        }
    }

    /** There is nothing left to do: sends every worker away. True once none is left. */
    boolean dismissAll(long nowNanos) {
        boolean none = true;
        deadlines.cancel(recovery);
        for (Worker worker : table.all()) {
            switch (worker.phase) {
                case ABSENT -> deadlines.cancel(worker);
                case STARTING -> kill(worker, Departure.DRAINED, nowNanos);
                case READY, SPARE -> retire(worker, Departure.DRAINED, nowNanos);
                case DRAINING, DYING -> {}
            }
            none &= worker.phase == Phase.ABSENT;
        }
        return none;
    }

    private void to(Worker worker, Phase next) {
        if (worker.phase == Phase.READY) {
            serving--;
        }
        worker.phase = next;
        if (next == Phase.READY) {
            serving++;
        }
        if (next == Phase.DRAINING || next == Phase.DYING) {
            liveness.end(worker);
        }
        table.updateRoom(worker);
    }
}
