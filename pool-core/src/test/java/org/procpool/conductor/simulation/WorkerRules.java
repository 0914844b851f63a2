package org.procpool.conductor.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.task.Departure;
import org.procpool.task.WorkerId;

/** A worker's way from launch to reaping: who serves, who waits as a spare, and who may be ended why. */
final class WorkerRules {

    private final Ledger ledger;
    private final ClockRules clock;
    private final OfferRules offers;
    private final PulseRules pulses;
    private final RestartRules restarts;
    private final StaffRules staff;

    WorkerRules(
            Ledger ledger,
            ClockRules clock,
            OfferRules offers,
            PulseRules pulses,
            RestartRules restarts,
            StaffRules staff) {
        this.staff = staff;
        this.ledger = ledger;
        this.clock = clock;
        this.offers = offers;
        this.pulses = pulses;
        this.restarts = restarts;
    }

    Place present(WorkerId id) {
        Place place = ledger.places[id.slot()];
        ledger.check(place.alive() && place.id.equals(id), "not the present worker: " + id, place);
        return place;
    }

    Place launched(WorkerId id, int release) {
        Place place = ledger.place(id.slot());
        ledger.check(place.phase == Phase.ABSENT, "a second process in one place", place);
        ledger.check(id.generation() == place.generation + 1, "generations do not count up", id);
        ledger.check(
                !ledger.stopping && !ledger.forcedBefore() && !ledger.drained && !ledger.finished(),
                "launched though nothing is left to do",
                place);
        boolean first = place.generation == 0;
        boolean spare = place.slot > ledger.swarm.pool.workers();
        ledger.check(
                !first || place.vacant || (spare ? ledger.everFull : ledger.input == Step.START),
                "launched before its time",
                place);
        restarts.launching(place, first || place.vacant);
        staff.launching(place, release);
        place.launched(id, ledger.now);
        clock.expect(Ledger.plus(ledger.now, ledger.swarm.pool.bootTimeoutNanos()), ClockRules.BOOT, place);
        return place;
    }

    /** Before the conductor hears of it. False if it comes too late. */
    boolean readying(Place place, boolean recorder) {
        if (place.phase != Phase.STARTING) {
            return false;
        }
        place.phase = Phase.SPARE;
        place.recorder = recorder;
        place.readyNanos = ledger.now;
        place.wasReady = true;
        pulses.readied(place);
        ledger.everReady = true;
        ledger.bootFailures = 0;
        staff.ready(place);
        return true;
    }

    /** It takes part from now on. */
    Place serves(WorkerId id) {
        Place place = present(id);
        ledger.check(place.phase == Phase.SPARE, "serves though it is no spare", place);
        ledger.check(ledger.ready() < ledger.target, "serves though enough do", place);
        place.phase = Phase.READY;
        ledger.everFull |= ledger.ready() == ledger.target;
        if (ledger.input != Step.READY) {
            ledger.tally.count(Incident.PROMOTED);
            if (ledger.draining && !ledger.finished()) {
                ledger.tally.count(Incident.PROMOTED_WHILE_DRAINING);
            }
        }
        return place;
    }

    private void leaves(Place place, Phase next) {
        place.phase = next;
        place.leftBy = ledger.inputs;
        place.aimedAt = 0;
    }

    /** Worker or caller want that the task whose result has come is the worker's last. */
    private boolean wasTheLast() {
        SimTask task = ledger.inputTask;
        return task != null && (Objects.requireNonNull(ledger.inputResult).retire() || task.spec.retiresWorker());
    }

    Place told(WorkerId id) {
        Place place = present(id);
        boolean retires = place.phase == Phase.RETIRING;
        ledger.check(
                retires || place.phase == Phase.READY || place.phase == Phase.SPARE,
                "told to leave though it is not idle",
                place);
        ledger.check(!retires || place.inFlight.isEmpty(), "told to leave before it has done what it has", place);
        boolean retired = ledger.input == Step.RESULT && ledger.inputPlace == place && wasTheLast();
        ledger.check(retires || retired || ledger.finished(), "told to leave for no reason", place);
        leaves(place, Phase.LEAVING);
        place.wanted = retires ? place.leaving : retired ? Departure.RECYCLED : Departure.DRAINED;
        place.leaveByNanos = Ledger.plus(ledger.now, ledger.graceNanos);
        clock.expect(place.leaveByNanos, ClockRules.LEAVE, place);
        return place;
    }

    Place killed(WorkerId id, @Nullable Departure given) {
        Place place = present(id);
        ledger.check(place.phase != Phase.KILLED, "killed twice", place);
        boolean lostLink = ledger.input == Step.LINK_LOST && ledger.inputPlace == place;
        Departure why = lostLink ? null : reasonToKill(place, given);
        if (why == Departure.BOOT_FAILED) {
            place.bootError = ledger.input == Step.TICK ? "it was not ready within" : ledger.inputText;
        }
        ledger.check(lostLink || why != null, "killed for no reason", place);
        boolean leaving = place.phase == Phase.LEAVING && given == place.wanted;
        ledger.check(given == why || leaving, "killed as " + given + " instead of " + why, place);
        if (place.wanted == null && why != null) {
            place.wanted = given;
        }
        place.hung = why == Departure.HUNG;
        leaves(place, Phase.KILLED);
        return place;
    }

    private @Nullable Departure reasonToKill(Place place, @Nullable Departure given) {
        boolean itself = ledger.inputPlace == place;
        if (ledger.input == Step.CORRUPT && itself || unknownDispatch(place)) {
            return Departure.CORRUPT;
        }
        if (ledger.input == Step.BOOT_FAILED && itself && place.phase == Phase.STARTING) {
            return Departure.BOOT_FAILED;
        }
        if (ledger.input == Step.STALLED && itself || itself && pulses.hangs(place)) {
            return Departure.HUNG;
        }
        Departure shot = offers.reasonToShoot(place, given);
        if (shot != null) {
            return shot;
        }
        if (ledger.input == Step.TICK && ledger.now >= ledger.forgiveUntilNanos) {
            if (place.phase == Phase.STARTING
                    && ledger.now >= Ledger.plus(place.launchedNanos, ledger.swarm.pool.bootTimeoutNanos())) {
                return Departure.BOOT_FAILED;
            }
            if (place.phase == Phase.LEAVING && ledger.now >= place.leaveByNanos) {
                return Departure.DRAINED;
            }
        }
        if (place.phase == Phase.STARTING && place.vacatedBy == ledger.inputs) {
            return Departure.SCALED_DOWN;
        }
        boolean dismissed = ledger.finished() && place.phase == Phase.STARTING;
        return ledger.stopping || dismissed ? Departure.DRAINED : null;
    }

    private boolean unknownDispatch(Place place) {
        return ledger.input == Step.RESULT
                && ledger.inputPlace == place
                && ledger.inputTask == null
                && ledger.inputLsn > place.lastDispatch;
    }

    /** The process of the place has gone. */
    void departed(Place place, Departure why) {
        leaves(place, Phase.ABSENT);
        ledger.tally.departures[why.ordinal()]++;
        if (!place.wasReady && !why.isPlanned() && ledger.ready() == 0) {
            ledger.bootFailures++;
            ledger.lastFailed = place.id;
            ledger.lastBootError = place.bootError;
            ledger.hopeless = ledger.bootFailures >= ledger.swarm.pool.bootAttempts();
        }
        restarts.departed(place, why);
        staff.departed(place);
    }

    // ---- after every input

    void settled() {
        int workers = ledger.target;
        int ready = 0;
        int spares = 0;
        boolean unborn = false;
        for (Place place : ledger.places) {
            ready += place.phase == Phase.READY ? 1 : 0;
            spares += place.phase == Phase.SPARE ? 1 : 0;
            unborn |= place.slot > ledger.swarm.pool.workers() && place.generation == 0 && !place.vacant;
        }
        ledger.check(ready <= workers, "more serve than should: " + ready, null);
        ledger.check(ready == workers || spares == 0, "a spare waits though a place is free", null);
        ledger.check(!unborn || !ledger.everFull || ledger.draining, "a spare was not launched", null);
        staff.settled();
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
            case STALLED -> {
                boolean may = ledger.now < ledger.forgiveUntilNanos || place.phase == Phase.LEAVING;
                ledger.check(dead || may, "lives on though it takes nothing", place);
            }
            case EXAMINED -> pulses.settled(place);
            case RESULT -> {
                boolean unknown = ledger.inputTask == null && ledger.inputLsn > place.lastDispatch;
                ledger.check(!unknown || dead, "lives on though it is corrupt", place);
                ledger.check(!wasTheLast() || place.phase != Phase.READY, "stays though it is to retire", place);
            }
            case GONE, LAUNCH_FAILED -> restarts.settled(place);
            default -> {}
        }
    }
}
