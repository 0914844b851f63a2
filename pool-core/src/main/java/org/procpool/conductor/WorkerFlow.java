package org.procpool.conductor;

import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Durations;
import org.procpool.task.WorkerEnd;

/** A worker's way from launch to reaping, who serves and who is a spare. Owned by the conductor's thread. */
final class WorkerFlow {

    private final ConductorOptions options;
    private final LiveLimits limits;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final OfferFlow offers;
    private final WorkerTable table;
    private final Staffing staffing;
    private final Recycling recycling;
    private final Rolling rolling = new Rolling();
    private final Liveness liveness;
    private final Restarts restarts;
    private boolean everReady;
    private boolean everFull;
    /** The pool's time is up: nothing would be left for a new process to do. */
    private boolean closed;
    /** The pool is shutting down: places are still filled again, but nobody is replaced and none is added. */
    private boolean windsDown;

    private int serving;
    /** Boots that failed since no worker has been ready any more. */
    private int bootFailures;

    WorkerFlow(
            ConductorOptions options,
            LiveLimits limits,
            Effects effects,
            Counters counters,
            Deadlines deadlines,
            OfferFlow offers,
            WorkerTable table,
            RandomGenerator random) {
        this.options = options;
        this.limits = limits;
        this.effects = effects;
        this.counters = counters;
        this.deadlines = deadlines;
        this.offers = offers;
        this.table = table;
        this.staffing = new Staffing(table, options.workers(), options.spares());
        this.recycling = new Recycling(options.limits(), effects, deadlines, table, random, this::restaff);
        this.liveness = new Liveness(options.hangTimeoutNanos(), effects, deadlines, table);
        this.restarts = new Restarts(options, effects, deadlines, random, this::launch);
    }

    boolean everReady() {
        return everReady;
    }

    /** Workers in the rotation. */
    int serving() {
        return serving;
    }

    boolean degraded() {
        return restarts.degraded();
    }

    /** Whether so many boots failed in a row, with no worker ready, that waiting on is no use. */
    boolean hopeless() {
        return bootFailures >= options.bootAttempts();
    }

    /** Launches the places that serve; the spares follow when those are ready. */
    void start(long nowNanos) {
        for (int slot = 1; slot <= staffing.target(); slot++) {
            launch(table.at(slot), nowNanos);
        }
    }

    private void launch(Worker worker, long nowNanos) {
        if (worker.id.generation() > 0) {
            counters.restarted();
        }
        worker.launch(nowNanos);
        worker.release = rolling.releaseFor(worker);
        deadlines.setIn(worker, nowNanos, options.bootTimeoutNanos());
        effects.launch(worker.id, worker.release);
    }

    /** False if it comes too late to be of use. */
    boolean readied(Worker worker, boolean recorder, long dispatched, long nowNanos) {
        if (worker.phase != Phase.STARTING) {
            return false;
        }
        deadlines.cancel(worker);
        worker.readied(recorder, dispatched, nowNanos);
        to(worker, Phase.SPARE);
        if (rolling.isScout(worker)) {
            rolling.proven();
            for (Worker old : table.all()) {
                markIfOld(old);
            }
        }
        markIfOld(worker);
        promote();
        liveness.begin(worker, nowNanos);
        recycling.begin(worker, nowNanos);
        everReady = true;
        bootFailures = 0;
        launchSpares(nowNanos);
        restaff(nowNanos);
        return true;
    }

    private void markIfOld(Worker worker) {
        if (worker.lives() && rolling.isOld(worker)) {
            recycling.mark(worker, Departure.RELOADED, "release " + rolling.release() + " takes its place");
        }
    }

    /** The spares come when all that are to serve have been ready at once. */
    private void launchSpares(long nowNanos) {
        if (everFull || serving < staffing.target()) {
            return;
        }
        everFull = true;
        for (Worker worker : table.all()) {
            if (!closed && worker.wanted && worker.id.generation() == 0) {
                launch(worker, nowNanos);
            }
        }
    }

    /** Fills the rotation from the spares, first from those that may stay. */
    private void promote() {
        while (serving < staffing.target()) {
            Worker spare = spare(false);
            spare = spare == null ? spare(true) : spare;
            if (spare == null) {
                return;
            }
            to(spare, Phase.READY);
            effects.serves(spare.id);
        }
    }

    private @Nullable Worker spare(boolean leaving) {
        for (Worker worker : table.all()) {
            if (worker.phase == Phase.SPARE && worker.leaving != null == leaving) {
                return worker;
            }
        }
        return null;
    }

    // ---- how many, and whose turn it is to be replaced

    Staffing staffing() {
        return staffing;
    }

    boolean rolling() {
        return rolling.underWay();
    }

    boolean windsDown() {
        return windsDown;
    }

    void scale(int count, String why, long nowNanos) {
        int before = staffing.target();
        if (windsDown || count == before) {
            return;
        }
        staffing.target(count);
        effects.resized(before, count, why);
        promote();
        launchSpares(nowNanos);
        restaff(nowNanos);
    }

    boolean roll(int release, long nowNanos) {
        boolean accepted = !windsDown && rolling.request(release);
        if (accepted) {
            restaff(nowNanos);
        }
        return accepted;
    }

    /** Has one worker leave as those do that have come to a limit. False if there is none that is ready. */
    boolean replace(int slot, long nowNanos) {
        if (windsDown || slot < 1 || slot > table.count() || !table.at(slot).lives()) {
            return false;
        }
        recycling.mark(table.at(slot), Departure.RECYCLED, "an operator asked for it");
        restaff(nowNanos);
        return true;
    }

    /** From now on nobody is replaced whom nothing is wrong with. */
    void windDown() {
        windsDown = true;
        recycling.close();
        if (rolling.underWay()) {
            rollFailed("the pool is shutting down");
        }
    }

    private void rollFailed(String why) {
        int release = rolling.release();
        rolling.failed();
        effects.rolled(release, why);
    }

    /** Brings the places to what is wanted, after anything that may have changed one or the other. */
    private void restaff(long nowNanos) {
        if (windsDown || closed) {
            return;
        }
        if (rolling.requested() && recycling.free()) {
            tryRelease(nowNanos);
        }
        Worker next = rolling.requested() ? null : recycling.next();
        // With spares one of them is the successor, except for another release, whose first comes beside all others.
        staffing.extra(rolling.tries() || next != null && (staffing.spares() == 0 || rolling.isOld(next)));
        giveUpSurplus(nowNanos);
        for (Worker place = staffing.vacancy(); place != null; place = staffing.vacancy()) {
            launch(place, nowNanos);
        }
        if (next != null && !rolling.tries() && mayLeave(next)) {
            recycling.takes(next);
            relieve(next, nowNanos);
            // It may have been the last, and then its place is too many.
            restaff(nowNanos);
        } else if (rolling.completed(table)) {
            effects.rolled(rolling.release(), null);
        }
    }

    private void tryRelease(long nowNanos) {
        staffing.extra(false);
        giveUpSurplus(nowNanos);
        staffing.extra(true);
        Worker scout = staffing.vacancy();
        if (scout != null) {
            rolling.tries(scout);
            launch(scout, nowNanos);
        }
    }

    private void giveUpSurplus(long nowNanos) {
        for (Worker worker = staffing.surplus(serving); worker != null; worker = staffing.surplus(serving)) {
            worker.wanted = false;
            effects.vacated(worker.slot());
            switch (worker.phase) {
                case ABSENT -> deadlines.cancel(worker);
                case STARTING -> kill(worker, Departure.SCALED_DOWN, nowNanos);
                case READY, SPARE -> {
                    worker.leaving = Departure.SCALED_DOWN;
                    worker.leavingDetail = "fewer workers are wanted";
                    relieve(worker, nowNanos);
                }
                case RETIRING, DRAINING, DYING -> {}
            }
        }
    }

    /** Whether as many will serve without it. */
    private boolean mayLeave(Worker worker) {
        return recycling.free()
                && serving >= staffing.target()
                && (worker.phase == Phase.SPARE || spare(false) != null);
    }

    /** Takes it out of the rotation; it leaves when it has finished what it runs. */
    private void relieve(Worker worker, long nowNanos) {
        Departure why = Objects.requireNonNull(worker.leaving);
        to(worker, Phase.RETIRING);
        effects.retiring(worker.id, why, worker.leavingDetail);
        offers.takeBackAll(worker, nowNanos);
        promote();
        letGo(worker, nowNanos);
    }

    private void letGo(Worker worker, long nowNanos) {
        if (worker.inFlight() == 0) {
            leave(worker, Objects.requireNonNull(worker.leaving), nowNanos);
        }
    }

    private void leave(Worker worker, Departure why, long nowNanos) {
        worker.departure = why;
        to(worker, Phase.DRAINING);
        offers.takeBackAll(worker, nowNanos);
        deadlines.setIn(worker, nowNanos, limits.graceNanos());
        effects.drain(worker.id);
    }

    /** It has answered a task. */
    void answered(Worker worker, long nowNanos) {
        if (worker.phase == Phase.RETIRING) {
            letGo(worker, nowNanos);
        } else {
            recycling.ran(worker, nowNanos);
        }
    }

    /** Its memory was looked at. */
    void weighed(Worker worker, long residentBytes, long nowNanos) {
        recycling.weighed(worker, residentBytes, nowNanos);
    }

    // ---- leaving

    /** Tells the worker to leave, if it is ready; what it has not begun goes elsewhere. */
    void retire(Worker worker, Departure why, long nowNanos) {
        if (worker.phase == Phase.READY || worker.phase == Phase.SPARE) {
            leave(worker, why, nowNanos);
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
        if (worker.phase == Phase.STARTING || worker.lives()) {
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
        if (!worker.wasReady() && !why.isPlanned() && serving == 0) {
            bootFailures++;
        }
        Restarts.judge(worker, nowNanos);
        to(worker, Phase.ABSENT);
        counters.departed(why);
        effects.departed(autopsy);
        recycling.gone(worker);
        if (why != Departure.DRAINED) {
            promote();
        }
        if (rolling.isScout(worker)) {
            rollFailed("its first worker did not become ready: " + autopsy.detail());
        }
        if (!replace || closed) {
            return;
        }
        restaff(nowNanos);
        // It may have been given up just now, or been given to the next process already.
        if (worker.wanted && worker.phase == Phase.ABSENT) {
            restarts.replace(worker, why, nowNanos);
        }
    }

    /** From now on no process is launched. */
    void close() {
        closed = true;
        recycling.close();
        restarts.close();
        for (Worker worker : table.all()) {
            if (worker.phase == Phase.ABSENT) {
                deadlines.cancel(worker);
            }
        }
    }

    /** Why a worker that is gone has left. */
    static Departure whyGone(Worker worker, @Nullable WorkerEnd end) {
        Departure wanted = worker.departure;
        if (wanted != null
                && wanted != Departure.DRAINED
                && wanted.isPlanned()
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

    /** Its deadline has passed: the next process is due, or this one has had its time. */
    void due(Worker worker, long nowNanos) {
        switch (worker.phase) {
            case ABSENT -> restarts.due(worker, nowNanos);
            case STARTING -> {
                if (worker.bootError.isEmpty()) {
                    worker.bootError = "it was not ready within " + Durations.format(options.bootTimeoutNanos());
                }
                kill(worker, Departure.BOOT_FAILED, nowNanos);
            }
            case DRAINING -> kill(worker, Departure.DRAINED, nowNanos);
            case READY, SPARE, RETIRING, DYING ->
                throw new IllegalStateException("worker " + worker.id + " has a deadline in phase " + worker.phase);
        }
    }

    /** There is nothing left to do: sends every worker away. True once none is left. */
    boolean dismissAll(long nowNanos) {
        boolean none = true;
        restarts.close();
        for (Worker worker : table.all()) {
            switch (worker.phase) {
                case ABSENT -> deadlines.cancel(worker);
                case STARTING -> kill(worker, Departure.DRAINED, nowNanos);
                case READY, SPARE -> retire(worker, Departure.DRAINED, nowNanos);
                case RETIRING, DRAINING, DYING -> {}
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
            recycling.end(worker);
        }
        table.updateRoom(worker);
    }
}
