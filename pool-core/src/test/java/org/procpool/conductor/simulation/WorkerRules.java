package org.procpool.conductor.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.Routing;
import org.procpool.task.WorkerId;

/** A worker's way from launch to reaping: who may be offered what, who may be ended why, and when the next one starts. */
final class WorkerRules {

    private static final long PROBATION_MIN_NANOS = Swarm.SECOND;
    private static final int PROBATION = 10;

    private final Ledger ledger;
    private final ClockRules clock;
    private long offers;
    private int rotation = 1;
    private int idle;

    WorkerRules(Ledger ledger, ClockRules clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    Place present(WorkerId id) {
        Place place = ledger.places[id.slot()];
        ledger.check(place.alive() && place.id.equals(id), "not the present worker: " + id, place);
        return place;
    }

    // ---- life

    Place launched(WorkerId id) {
        Place place = ledger.places[id.slot()];
        ledger.check(place.phase == Phase.ABSENT, "a second process in one place", place);
        ledger.check(id.generation() == place.generation + 1, "generations do not count up", id);
        ledger.check(
                !ledger.stopping
                        && !ledger.forcedBefore()
                        && !ledger.drained
                        && !(ledger.draining && ledger.unfinished == 0),
                "launched though nothing is left to do",
                place);
        boolean first = place.generation == 0 && ledger.input == Step.START;
        ledger.check(first || place.restartPending && ledger.now >= place.restartFromNanos, "launched too soon", place);
        if (!first) {
            ledger.restarts++;
        }
        place.restartPending = false;
        place.id = id;
        place.generation = id.generation();
        place.phase = Phase.STARTING;
        place.pid = 0;
        place.launchedNanos = ledger.now;
        place.wasReady = false;
        place.wanted = null;
        place.wantedForEither = false;
        place.lastDispatch = 0;
        place.results = 0;
        clock.expect(Ledger.plus(ledger.now, ledger.swarm.pool.bootTimeoutNanos()), ClockRules.BOOT, place);
        return place;
    }

    /** Before the conductor hears of it. False if it comes too late. */
    boolean readying(Place place) {
        if (place.phase != Phase.STARTING) {
            return false;
        }
        place.phase = Phase.READY;
        place.readyNanos = ledger.now;
        place.wasReady = true;
        ledger.everReady = true;
        ledger.bootFailures = 0;
        idle++;
        return true;
    }

    private void leavesRotation(Place place) {
        if (place.hasRoom()) {
            idle--;
        }
    }

    Place told(WorkerId id) {
        Place place = present(id);
        ledger.check(place.hasRoom(), "told to leave though it is not idle", place);
        boolean retired = ledger.input == Step.RESULT
                && ledger.inputPlace == place
                && Objects.requireNonNull(ledger.inputResult).retire();
        ledger.check(retired || finished(), "told to leave for no reason", place);
        leavesRotation(place);
        place.phase = Phase.LEAVING;
        place.wanted = retired ? Departure.RECYCLED : Departure.DRAINED;
        place.leaveByNanos = Ledger.plus(ledger.now, ledger.swarm.pool.graceNanos());
        clock.expect(place.leaveByNanos, ClockRules.LEAVE, place);
        return place;
    }

    private boolean finished() {
        return ledger.draining && ledger.unfinished == 0;
    }

    Place killed(WorkerId id) {
        Place place = present(id);
        ledger.check(place.phase != Phase.KILLED, "killed twice", place);
        boolean lostLink = ledger.input == Step.LINK_LOST && ledger.inputPlace == place;
        Departure why = reasonToKill(place);
        ledger.check(lostLink || why != null, "killed for no reason", place);
        if (place.wanted == null && why != null) {
            place.wanted = why;
            SimTask running = place.running;
            place.wantedForEither =
                    why == Departure.CANCELLED && running != null && (running.stops & SimTask.RUN_TIMEOUT) != 0;
        }
        leavesRotation(place);
        place.phase = Phase.KILLED;
        return place;
    }

    private @Nullable Departure reasonToKill(Place place) {
        boolean itself = ledger.inputPlace == place;
        SimTask running = place.running;
        if (ledger.input == Step.CORRUPT && itself || unknownDispatch(place)) {
            return Departure.CORRUPT;
        }
        if (ledger.input == Step.BOOT_FAILED && itself && place.phase == Phase.STARTING) {
            return Departure.BOOT_FAILED;
        }
        if (ledger.input == Step.TICK && ledger.now >= ledger.forgiveUntilNanos) {
            if (place.phase == Phase.STARTING
                    && ledger.now >= Ledger.plus(place.launchedNanos, ledger.swarm.pool.bootTimeoutNanos())) {
                return Departure.BOOT_FAILED;
            }
            if (place.phase == Phase.LEAVING && ledger.now >= place.leaveByNanos) {
                return Departure.DRAINED;
            }
            if (running != null && running.interrupted && ledger.now >= running.graceEndsNanos) {
                return running.stops == SimTask.RUN_TIMEOUT ? Departure.TIMED_OUT : Departure.CANCELLED;
            }
        }
        boolean dismissed = finished() && place.phase == Phase.STARTING;
        return ledger.stopping || dismissed ? Departure.DRAINED : null;
    }

    private boolean unknownDispatch(Place place) {
        return ledger.input == Step.RESULT
                && ledger.inputPlace == place
                && ledger.inputTask == null
                && ledger.inputLsn > place.lastDispatch;
    }

    /** Before the conductor hears that the process has gone. */
    void departed(WorkerId id, Departure why, @Nullable ExitStatus exit, @Nullable Task running) {
        Place place = present(id);
        ledger.check(
                ledger.inputPlace == place && (ledger.input == Step.GONE || ledger.input == Step.LAUNCH_FAILED),
                "departed without having gone",
                place);
        ledger.check(Objects.equals(exit, ledger.inputExit), "departed with another exit", place);
        boolean either = place.wantedForEither && why == Departure.TIMED_OUT;
        ledger.check(either || why == expectedDeparture(place), "departed as " + why, place);
        SimTask had = ledger.inputTask;
        ledger.check(running == (had == null ? null : had.task), "departed with another task", place);
        leavesRotation(place);
        place.phase = Phase.ABSENT;
        if (had != null) {
            place.running = null;
            place.failed++;
        }
        ledger.tally.departures[why.ordinal()]++;
        if (!place.wasReady && why != Departure.DRAINED && ledger.ready() == 0) {
            ledger.bootFailures++;
            ledger.hopeless = ledger.bootFailures >= ledger.swarm.pool.bootAttempts();
        }
        planRestart(place, why);
    }

    private Departure expectedDeparture(Place place) {
        ExitStatus exit = ledger.inputExit;
        Departure wanted = place.wanted;
        if (wanted == Departure.RECYCLED && place.phase == Phase.LEAVING && (exit == null || exit.code() != 0)) {
            return Departure.CRASHED;
        }
        if (wanted != null) {
            return wanted;
        }
        return place.wasReady ? Departure.CRASHED : Departure.BOOT_FAILED;
    }

    private void planRestart(Place place, Departure why) {
        long served = place.wasReady ? ledger.now - place.readyNanos : 0;
        boolean proven = place.wasReady
                && (place.results >= PROBATION
                        || served >= Math.max(PROBATION_MIN_NANOS, PROBATION * Delays.nominal(place.repeats)));
        boolean blameless = why == Departure.RECYCLED || why == Departure.TIMED_OUT || why == Departure.CANCELLED;
        if (proven || blameless) {
            place.repeats = 0;
        }
        if (ledger.stopping || ledger.forced || ledger.draining && ledger.unfinished == 0) {
            return;
        }
        place.restartPending = true;
        place.restartFromNanos = ledger.now + Delays.min(place.repeats);
        if (place.repeats > 0) {
            clock.expect(ledger.now + Delays.max(place.repeats), ClockRules.RESTART, place);
        } else {
            place.restartFromNanos = ledger.now;
        }
        if (!blameless) {
            place.repeats++;
        }
    }

    // ---- work

    Place offered(WorkerId id, long dispatch) {
        Place place = present(id);
        ledger.check(place.hasRoom(), "offered to a worker without room", place);
        ledger.check(dispatch == place.lastDispatch + 1, "dispatch numbers do not count up", place);
        Place expected = ledger.swarm.pool.routing() == Routing.ROUND_ROBIN ? nextInRotation() : longestIdle();
        ledger.check(expected == place, "not the turn of this worker but of " + expected.id, place);
        rotation = place.slot % ledger.swarm.pool.workers() + 1;
        place.lastOffer = ++offers;
        place.lastDispatch = dispatch;
        idle--;
        return place;
    }

    /** The task of the worker has ended, and it may go on. */
    void freed(Place place) {
        if (place.hasRoom()) {
            idle++;
        }
    }

    private Place nextInRotation() {
        int slot = rotation;
        while (!ledger.places[slot].hasRoom()) {
            slot = slot % ledger.swarm.pool.workers() + 1;
        }
        return ledger.places[slot];
    }

    private Place longestIdle() {
        Place best = null;
        for (Place place : ledger.places) {
            if (place.hasRoom() && (best == null || place.lastOffer < best.lastOffer)) {
                best = place;
            }
        }
        return Objects.requireNonNull(best);
    }

    SimTask interrupted(WorkerId id, long dispatch) {
        Place place = present(id);
        SimTask task = place.running;
        ledger.check(task != null && task.dispatch == dispatch, "interrupted what it does not run", place);
        SimTask running = Objects.requireNonNull(task);
        ledger.check(place.phase == Phase.READY, "interrupted a worker that is as good as dead", place);
        ledger.check(!running.interrupted, "interrupted twice", running);
        boolean atLimit = ledger.input == Step.TICK && ledger.now >= running.limitNanos;
        if (atLimit && (running.stops == 0 || ledger.mustStop.contains(running))) {
            running.stops |= SimTask.RUN_TIMEOUT;
        }
        ledger.check(running.stops != 0, "interrupted before its limit", running);
        ledger.check(
                running.stops != SimTask.RUN_TIMEOUT || ledger.now >= ledger.forgiveUntilNanos,
                "interrupted right after the supervisor was late",
                running);
        running.interrupted = true;
        running.graceEndsNanos = Ledger.plus(ledger.now, ledger.swarm.pool.graceNanos());
        clock.expect(running.graceEndsNanos, ClockRules.GRACE, running);
        return running;
    }

    // ---- after every input

    void settled(int runnable) {
        ledger.check(idle == 0 || runnable == 0, "workers are idle though tasks wait: " + runnable, null);
        Place place = ledger.inputPlace;
        if (place != null) {
            checkAnswer(place);
        }
        if (ledger.stopping) {
            for (Place other : ledger.places) {
                ledger.check(other.phase == Phase.ABSENT || other.phase == Phase.KILLED, "was not killed", other);
            }
        }
    }

    private void checkAnswer(Place place) {
        boolean dead = place.phase == Phase.KILLED;
        switch (ledger.input) {
            case LINK_LOST -> ledger.check(dead || place.phase == Phase.LEAVING, "lives on without its link", place);
            case CORRUPT -> ledger.check(dead, "lives on though it is corrupt", place);
            case BOOT_FAILED -> ledger.check(place.phase != Phase.STARTING, "lives on though it cannot boot", place);
            case RESULT -> {
                boolean unknown = ledger.inputTask == null && ledger.inputLsn > place.lastDispatch;
                ledger.check(!unknown || dead, "lives on though it is corrupt", place);
                boolean retires = ledger.inputTask != null
                        && Objects.requireNonNull(ledger.inputResult).retire();
                ledger.check(!retires || place.phase != Phase.READY, "stays though it wants to retire", place);
            }
            case GONE, LAUNCH_FAILED ->
                ledger.check(
                        !place.restartPending || place.restartFromNanos > ledger.now,
                        "was not replaced at once",
                        place);
            default -> {}
        }
    }
}
