package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;

/**
 * Hands tasks to workers ahead of time, and takes back what got stuck there: so a worker never waits for its next task,
 * and no task waits for a slow one. Owned by the conductor's thread.
 */
final class OfferFlow {

    /** How often workers are looked at while they hold what they may not have begun. */
    private static final long LOOK_NANOS = 1_000_000L;
    /** The slowest pace, for workers that do not move and hold nothing that could be taken back. */
    private static final long LOOK_NANOS_MAX = 10_000_000L;
    /** A look may be this late by the wheel's and the system's own doing. */
    private static final long LATE_NANOS_MIN = 2_000_000L;

    private static final long LATE_NANOS_MAX = 100_000_000L;
    /** Patience grows by so many times what the looks are late. */
    private static final int STRETCH = 8;
    /** With each look that is on time an eighth of that is forgotten. */
    private static final int FORGETTING = 8;

    /** An offer younger than this is not moved to another worker: its own is about to begin it. */
    private static final long SETTLED_NANOS = LOOK_NANOS;
    /** What a byte may take to a worker, on a slow machine: 16 MB a second. */
    private static final long NANOS_PER_BYTE = 64;
    /** Without a look for so long, how late the last ones were means nothing any more. */
    private static final long LATE_NANOS_KEPT = 100_000_000L;

    private static final long AIM_AGAIN_NANOS = 1_000_000L;

    private final ConductorOptions options;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final TaskFlow tasks;
    private final WorkerTable workers;
    private final Router router;
    private final Alarm look = new Alarm(false, this::lookDue);
    private long lookNanos = LOOK_NANOS;
    /** How late the looks have come of late, beyond what is usual. */
    private long lateNanos;

    private long offers;
    private boolean paused;

    OfferFlow(
            ConductorOptions options,
            Effects effects,
            Counters counters,
            Deadlines deadlines,
            TaskFlow tasks,
            WorkerTable workers) {
        this.counters = counters;
        this.options = options;
        this.effects = effects;
        this.deadlines = deadlines;
        this.tasks = tasks;
        this.workers = workers;
        this.router = new Router(options.routing(), workers);
    }

    boolean paused() {
        return paused;
    }

    /** While paused nothing is handed out; what was, and has not begun, comes back at once. */
    void pause(boolean value, long nowNanos) {
        paused = value;
        if (paused) {
            for (Worker worker : workers.all()) {
                if (worker.phase == Phase.READY) {
                    takeBackAll(worker, nowNanos);
                    workers.updateRoom(worker);
                }
            }
        }
    }

    /** Hands out what waits, as long as there is room. */
    void dispatch(long nowNanos) {
        if (paused) {
            return;
        }
        TaskQueue queue = tasks.queue();
        while (workers.anyRoom()) {
            Task task = queue.next();
            if (task == null) {
                return;
            }
            if (task.expiresNanos() <= nowNanos) {
                queue.take(task);
                tasks.expire(task, nowNanos);
                continue;
            }
            Worker worker = pick(task);
            if (worker == null) {
                return;
            }
            queue.take(task);
            worker.lastOffer = ++offers;
            router.given(worker);
            tasks.offer(worker, task, nowNanos);
            if (worker.hasRecorder()) {
                lookSoon(nowNanos);
            }
        }
    }

    /** Whoever is picked gets the task. */
    private @Nullable Worker pick(Task task) {
        String key = task.spec().key();
        int payloadBytes = task.spec().payload().size();
        if (key.isEmpty()) {
            return router.pick(payloadBytes);
        }
        Worker home = task.strayed ? null : Affinity.home(key, workers);
        if (home != null && home.hasRoom() && home.offers().fits(payloadBytes)) {
            counters.keyed(true);
            return home;
        }
        Worker other = router.pick(payloadBytes);
        if (other != null) {
            counters.keyed(false);
        }
        return other;
    }

    /**
     * Takes back all that the worker has not begun, the newest first, so that it keeps its order in the queue.
     *
     * @return how many it was
     */
    int takeBackAll(Worker worker, long nowNanos) {
        Offers held = worker.offers();
        int taken = 0;
        for (long dispatch = held.last(); dispatch > held.passed(); dispatch--) {
            Task task = held.get(dispatch);
            if (task != null && tasks.putBack(task, nowNanos)) {
                taken++;
            }
        }
        return taken;
    }

    /** How long the worker can have had the offer: a large payload takes a while to get there. */
    private static long ageNanos(Task task, long nowNanos) {
        return nowNanos
                - task.offeredNanos
                - NANOS_PER_BYTE * task.spec().payload().size();
    }

    // ---- looking

    private void lookSoon(long nowNanos) {
        if (!look.isSet() || look.dueNanos > nowNanos + LOOK_NANOS) {
            if (nowNanos - look.dueNanos > LATE_NANOS_KEPT) {
                lateNanos = 0;
            }
            lookNanos = LOOK_NANOS;
            deadlines.setIn(look, nowNanos, LOOK_NANOS);
        }
    }

    private void lookDue(long nowNanos) {
        long late = Math.min(nowNanos - look.dueNanos - LATE_NANOS_MIN, LATE_NANOS_MAX);
        lateNanos = Math.max(late, lateNanos - lateNanos / FORGETTING);
        boolean unseen = false;
        boolean uncertain = false;
        for (Worker worker : workers.all()) {
            boolean serves = worker.works() || worker.phase == Phase.DRAINING;
            if (serves && worker.hasRecorder() && worker.offers().uncertain()) {
                unseen |= worker.offers().unseen();
                uncertain = true;
                effects.observe(worker.id);
            }
        }
        if (uncertain) {
            lookNanos = unseen ? LOOK_NANOS : Math.min(2 * lookNanos, LOOK_NANOS_MAX);
            deadlines.setIn(look, nowNanos, lookNanos);
        }
    }

    /** Somebody has looked at the worker's page; the meaning is that of {@link Conductor#onObserved}. */
    void observed(Worker worker, long passed, long running, long startNanos, long nowNanos) {
        Offers held = worker.offers();
        if (held.pass(passed)) {
            worker.stuck = false;
        }
        Task task = held.get(running);
        // Without a flight recorder an offer counts as started, until its worker says when it was.
        if (task != null && (!task.startExact || !worker.hasRecorder())) {
            tasks.started(worker, task, Math.min(Math.max(startNanos, task.offeredNanos), nowNanos));
        }
        if (worker.phase == Phase.READY) {
            losePatience(worker, nowNanos);
            balance(worker, nowNanos);
        }
        workers.updateRoom(worker);
    }

    /**
     * Where this process waits for a processor, workers do too: one that has not begun is not stuck then, and taking
     * its tasks back only to offer them again would keep it from ever beginning.
     */
    private void losePatience(Worker worker, long nowNanos) {
        if (options.patienceNanos() == 0) {
            return;
        }
        Offers held = worker.offers();
        long oldest = Math.max(held.oldest(), held.passed() + 1);
        while (oldest < held.last() && !waits(held.get(oldest))) {
            oldest++;
        }
        Task next = held.get(oldest);
        if (next == null || next.started || ageNanos(next, nowNanos) < options.patienceNanos() + STRETCH * lateNanos) {
            return;
        }
        // What is behind it cannot begin before it, and must not overtake it.
        if (takeBackAll(worker, nowNanos) > 0) {
            worker.stuck = true;
        }
    }

    /** Whether the worker may not have begun it: what could not be taken back has begun, though nobody saw it. */
    private static boolean waits(@Nullable Task task) {
        return task != null && !task.started;
    }

    /**
     * If somebody has nothing to do, and this is the worker with the most lined up, it gives up half of that, but for
     * tasks with a key, which wait for this worker until its patience is over.
     */
    private void balance(Worker worker, long nowNanos) {
        int ahead = worker.offers().ahead();
        int room = ahead == 0 || tasks.queue().hasRunnable() ? 0 : workers.idleRoom();
        if (room == 0 || fullest() != worker) {
            return;
        }
        Offers held = worker.offers();
        int settled = 0;
        long newest = 0;
        for (long dispatch = held.last(); dispatch > held.passed(); dispatch--) {
            Task task = held.get(dispatch);
            if (task != null && movable(task) && ageNanos(task, nowNanos) >= SETTLED_NANOS) {
                settled++;
                newest = Math.max(newest, dispatch);
            }
        }
        int left = Math.min((settled + 1) / 2, room);
        for (long dispatch = newest; dispatch > held.passed() && left > 0; dispatch--) {
            Task task = held.get(dispatch);
            if (task != null && movable(task) && tasks.putBack(task, nowNanos)) {
                left--;
            }
        }
    }

    private static boolean movable(Task task) {
        return task.spec().key().isEmpty();
    }

    private @Nullable Worker fullest() {
        Worker fullest = null;
        for (Worker worker : workers.all()) {
            // Without a recorder what is offered counts as started.
            boolean shares = worker.phase == Phase.READY && worker.hasRecorder();
            if (shares
                    && (fullest == null
                            || worker.offers().ahead() > fullest.offers().ahead())) {
                fullest = worker;
            }
        }
        return fullest;
    }

    // ---- before a deliberate kill

    /** The task did not heed its interrupt. */
    void graceDue(Worker worker, Task task, long nowNanos) {
        if (!worker.works()) {
            // It is leaving already; its reaping ends the task.
            return;
        }
        if (worker.aimed == 0) {
            aim(worker, task, nowNanos);
        } else {
            // Another task of it is aimed at; if that is called off, this one's turn has come.
            deadlines.setIn(task, nowNanos, AIM_AGAIN_NANOS);
        }
    }

    /** Nothing new for the worker, and everything back that it has not begun, until it is clear what it runs. */
    private void aim(Worker worker, Task task, long nowNanos) {
        worker.aimed = task.dispatch;
        takeBackAll(worker, nowNanos);
        workers.updateRoom(worker);
        effects.aim(worker.id, worker.aimed);
    }

    /**
     * What has no result by now is what the worker runs.
     *
     * @return the task that the worker is to be killed for; null if that dispatch was not aimed at, or has ended well
     */
    @Nullable
    Task aimed(Worker worker, long dispatch) {
        if (worker.aimed != dispatch) {
            return null;
        }
        worker.aimed = 0;
        workers.updateRoom(worker);
        Task task = worker.offers().get(dispatch);
        return task != null && task.stopping() ? task : null;
    }
}
