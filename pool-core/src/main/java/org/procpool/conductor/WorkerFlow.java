package org.procpool.conductor;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;
import org.procpool.task.Departure;
import org.procpool.task.Durations;
import org.procpool.task.ExitStatus;

/** A worker's way from launch to reaping, and the pace of its place's restarts. Owned by the conductor's thread. */
final class WorkerFlow {

    private final ConductorOptions options;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final WorkerTable table;
    private final Backoff backoff;
    private boolean everReady;
    /** The pool's time is up: nothing would be left for a new process to do. */
    private boolean closed;

    private int ready;
    /** Boots that failed since no worker has been ready any more. */
    private int bootFailures;

    WorkerFlow(
            ConductorOptions options, Effects effects, Counters counters, Deadlines deadlines, RandomGenerator random) {
        this.options = options;
        this.effects = effects;
        this.counters = counters;
        this.deadlines = deadlines;
        this.table = new WorkerTable(options.workers());
        this.backoff = new Backoff(random);
    }

    WorkerTable table() {
        return table;
    }

    boolean everReady() {
        return everReady;
    }

    int ready() {
        return ready;
    }

    /** Whether so many boots failed in a row, with no worker ready, that waiting on is no use. */
    boolean hopeless() {
        return bootFailures >= options.bootAttempts();
    }

    void launch(Worker worker, long nowNanos) {
        if (worker.id.generation() > 0) {
            counters.restarted();
        }
        worker.launch(nowNanos);
        deadlines.setIn(worker, nowNanos, options.bootTimeoutNanos());
        effects.launch(worker.id);
    }

    /** False if it comes too late to be of use. */
    boolean readied(Worker worker, long nowNanos) {
        if (worker.phase != Phase.STARTING) {
            return false;
        }
        deadlines.cancel(worker);
        worker.readied(nowNanos);
        to(worker, Phase.READY);
        everReady = true;
        bootFailures = 0;
        return true;
    }

    /** Tells the worker to leave, if it is in the rotation. */
    void retire(Worker worker, Departure why, long nowNanos) {
        if (worker.phase == Phase.READY) {
            worker.departure = why;
            to(worker, Phase.DRAINING);
            deadlines.setIn(worker, nowNanos, options.graceNanos());
            effects.drain(worker.id);
        }
    }

    void kill(Worker worker, Departure why) {
        if (worker.phase == Phase.ABSENT || worker.phase == Phase.DYING) {
            return;
        }
        if (worker.departure == null) {
            worker.departure = why;
        }
        die(worker);
    }

    private void die(Worker worker) {
        deadlines.cancel(worker);
        Task running = worker.running();
        if (running != null) {
            // Its worker's death ends it now; a limit that passes before the reaping must not be blamed.
            deadlines.cancel(running);
        }
        to(worker, Phase.DYING);
        effects.kill(worker.id);
    }

    /** A socket closed: for all but a worker that was told to leave, that is a death. */
    void linkLost(Worker worker) {
        if (worker.phase == Phase.STARTING || worker.phase == Phase.READY) {
            die(worker);
        }
    }

    /** Its process has been reaped, its last words read. The task it had is already taken from it. */
    void gone(Worker worker, @Nullable ExitStatus exit, @Nullable Task running, boolean replace, long nowNanos) {
        Departure why = whyGone(worker, exit);
        if (!worker.wasReady() && why != Departure.DRAINED && ready == 0) {
            bootFailures++;
        }
        if (worker.wasReady() && Backoff.proven(nowNanos - worker.readyNanos(), worker.results, worker.repeats)) {
            worker.repeats = 0;
        }
        deadlines.cancel(worker);
        to(worker, Phase.ABSENT);
        counters.departed(why);
        effects.departed(worker.id, why, exit, running);
        if (!replace || closed) {
            return;
        }
        if (why == Departure.RECYCLED || why == Departure.TIMED_OUT || why == Departure.CANCELLED) {
            // It left at its own wish or because of a task: that is no failure of its place.
            worker.repeats = 0;
            launch(worker, nowNanos);
        } else {
            restart(worker, nowNanos);
        }
    }

    /** From now on no process is launched. */
    void close() {
        closed = true;
        for (Worker worker : table.all()) {
            if (worker.phase == Phase.ABSENT) {
                deadlines.cancel(worker);
            }
        }
    }

    private static Departure whyGone(Worker worker, @Nullable ExitStatus exit) {
        Departure wanted = worker.departure;
        boolean byItself = worker.phase == Phase.DRAINING;
        if (wanted == Departure.RECYCLED && byItself && (exit == null || exit.code() != 0)) {
            return Departure.CRASHED;
        }
        if (wanted != null) {
            return wanted;
        }
        return worker.wasReady() ? Departure.CRASHED : Departure.BOOT_FAILED;
    }

    private void restart(Worker worker, long nowNanos) {
        long delay = backoff.delayNanos(worker.repeats);
        worker.repeats++;
        if (delay == 0) {
            launch(worker, nowNanos);
        } else {
            deadlines.setIn(worker, nowNanos, delay);
        }
    }

    /** Its deadline has passed: the next process is due, or this one has had its time. */
    void due(Worker worker, long nowNanos) {
        switch (worker.phase) {
            case ABSENT -> launch(worker, nowNanos);
            case STARTING -> {
                if (worker.bootError.isEmpty()) {
                    worker.bootError = "it was not ready within " + Durations.format(options.bootTimeoutNanos());
                }
                kill(worker, Departure.BOOT_FAILED);
            }
            case DRAINING -> kill(worker, Departure.DRAINED);
            case READY, DYING ->
                throw new IllegalStateException("worker " + worker.id + " has a deadline in phase " + worker.phase);
        }
    }

    /** There is nothing left to do: sends every worker away. True once none is left. */
    boolean dismissAll(long nowNanos) {
        boolean none = true;
        for (Worker worker : table.all()) {
            switch (worker.phase) {
                case ABSENT -> deadlines.cancel(worker);
                case STARTING -> kill(worker, Departure.DRAINED);
                case READY -> retire(worker, Departure.DRAINED, nowNanos);
                case DRAINING, DYING -> {}
            }
            none &= worker.phase == Phase.ABSENT;
        }
        return none;
    }

    private void to(Worker worker, Phase next) {
        if (worker.phase == Phase.READY) {
            ready--;
        }
        worker.phase = next;
        if (next == Phase.READY) {
            ready++;
        }
        table.updateRoom(worker);
    }
}
