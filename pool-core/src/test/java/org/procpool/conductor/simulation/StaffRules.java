package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.WorkerLimits;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.task.Departure;

/**
 * How many places are filled, who leaves though nothing is wrong with it, and that the pool serves in full all the
 * while: one at a time, a successor first.
 */
final class StaffRules {

    private static final long WEIGHED_FROM_NANOS = 10 * Swarm.SECOND;

    private final Ledger ledger;
    private final RestartRules restarts;
    private final WorkerLimits limits;
    /** Who is out with the permit; null if nobody is. */
    private @Nullable Place out;

    private long takenBy = -1;
    private long weighingNanos;

    // The roll.
    private @Nullable Place scout;
    private boolean scoutLost;

    StaffRules(Ledger ledger, RestartRules restarts) {
        this.ledger = ledger;
        this.restarts = restarts;
        this.limits = ledger.swarm.pool.limits();
    }

    private int wanted() {
        return ledger.target + ledger.swarm.pool.spares();
    }

    private int occupied() {
        int occupied = 0;
        for (int slot = 1; slot < ledger.places.length; slot++) {
            occupied += ledger.places[slot].vacant ? 0 : 1;
        }
        return occupied;
    }

    // ---- places

    void launching(Place place, int release) {
        if (ledger.candidate != 0 && scout == null && place.vacant && release == ledger.candidate) {
            ledger.check(out == null, "tries a release while a worker is out", place);
            scout = place;
        } else {
            ledger.check(release == ledger.release, "launched with release " + release, ledger.release);
        }
        place.release = release;
        if (place.vacant) {
            place.vacant = false;
            place.repeats = 0;
            ledger.check(!ledger.draining, "one more is launched while the pool shuts down", place);
            ledger.check(occupied() <= wanted() + 1, "more are launched than wanted", occupied());
        }
    }

    void vacated(Place place) {
        ledger.check(!place.vacant, "given up twice", place);
        ledger.check(!ledger.draining, "given up while the pool shuts down", place);
        ledger.check(occupied() > wanted() || ledger.ready() > ledger.target, "given up though it is wanted", place);
        place.vacant = true;
        place.vacatedBy = ledger.inputs;
        restarts.vacated(place);
    }

    // ---- leaving

    private boolean mayBeDue(Place place) {
        boolean lives = place.phase == Phase.READY || place.phase == Phase.SPARE;
        return lives && mayHaveComeToALimit(place);
    }

    private boolean mayHaveComeToALimit(Place place) {
        return place.sureToLeave
                || limits.tasksMax() > 0 && place.results >= limits.tasksMax()
                || limits.ageNanos() > 0 && ledger.now - place.readyNanos >= limits.ageNanos() * 4 / 5 - 1
                || place.release < ledger.release;
    }

    void retiring(Place place, Departure why) {
        ledger.check(
                place.phase == Phase.READY || place.phase == Phase.SPARE, "retires though it is not booted", place);
        if (why == Departure.SCALED_DOWN) {
            ledger.check(place.vacatedBy == ledger.inputs, "retires though its place is wanted", place);
        } else {
            boolean old = place.release < ledger.release;
            ledger.check(mayBeDue(place), "retires for no reason", place);
            ledger.check(why == Departure.RECYCLED || why == Departure.RELOADED && old, "retires as " + why, place);
            ledger.check(!ledger.draining, "is replaced while the pool shuts down", place);
            ledger.check(out == null, "two are out at once", place);
            ledger.check(ledger.ready() == ledger.target, "retires though somebody else is missing", place);
            ledger.check(place.phase == Phase.SPARE || hasSpare(place), "retires before its successor is ready", place);
            out = place;
            takenBy = ledger.inputs;
            ledger.tally.count(why == Departure.RECYCLED ? Incident.RECYCLED_BY_LIMIT : Incident.RELOADED);
        }
        place.phase = Phase.RETIRING;
        place.leaving = why;
        place.leftBy = ledger.inputs;
    }

    private boolean hasSpare(Place besides) {
        for (Place place : ledger.places) {
            if (place != besides && place.phase == Phase.SPARE) {
                return true;
            }
        }
        return false;
    }

    /** The process of the place has gone. */
    void departed(Place place) {
        if (out == place) {
            out = null;
        }
        if (scout == place) {
            scout = null;
            scoutLost = true;
        }
    }

    /** Before the conductor hears of it. */
    void weighed(Place place, long residentBytes) {
        boolean lives = place.phase == Phase.READY || place.phase == Phase.SPARE;
        if (lives
                && limits.residentBytesMax() > 0
                && residentBytes > limits.residentBytesMax()
                && ledger.now - place.readyNanos >= WEIGHED_FROM_NANOS) {
            place.sureToLeave = true;
        }
    }

    void weighing(Place place) {
        ledger.check(limits.residentBytesMax() > 0, "weighed for no reason", place);
        ledger.check(
                place.phase == Phase.READY || place.phase == Phase.SPARE || place.phase == Phase.RETIRING,
                "weighed though it is not booted",
                place);
        ledger.check(
                weighingNanos == ledger.now || ledger.now - weighingNanos >= Swarm.SECOND || weighingNanos == 0,
                "weighed too often",
                place);
        weighingNanos = ledger.now;
    }

    // ---- releases

    /** A worker became ready. */
    void ready(Place place) {
        if (scout == place) {
            scout = null;
            ledger.release = ledger.candidate;
            ledger.candidate = 0;
        }
    }

    void rolled(int release, @Nullable String failure) {
        ledger.check(ledger.rolling, "says that it has rolled", release);
        if (failure == null) {
            ledger.check(release == ledger.release && noneIsOld(), "has not replaced all", release);
            ledger.tally.count(Incident.ROLLED);
        } else {
            ledger.check(!failure.isEmpty(), "does not say why it does not roll", null);
            ledger.check(scoutLost || ledger.draining, "gives the roll up for no reason", failure);
            ledger.tally.count(scoutLost ? Incident.ROLL_FAILED : Incident.ROLL_CUT_OFF);
        }
        scout = null;
        scoutLost = false;
        ledger.candidate = 0;
        ledger.rolling = false;
    }

    private boolean noneIsOld() {
        for (Place place : ledger.places) {
            if (place.alive() && place.release < ledger.release) {
                return false;
            }
        }
        return true;
    }

    // ---- after every input

    void settled() {
        for (Place place : ledger.places) {
            boolean lives = place.phase == Phase.READY || place.phase == Phase.SPARE;
            place.sureToLeave |= lives && limits.tasksMax() > 0 && place.results >= limits.tasksMax();
            place.sureToLeave |= lives && place.release < ledger.release;
            ledger.check(
                    place.phase != Phase.RETIRING || !place.inFlight.isEmpty(),
                    "was not told to leave though it has done what it had",
                    place);
        }
        if (takenBy == ledger.inputs) {
            ledger.check(ledger.ready() == ledger.target, "fewer serve because one is replaced", ledger.ready());
        }
        ledger.check(!scoutLost, "did not give the roll up", null);
        if (ledger.draining) {
            ledger.check(!ledger.rolling, "still rolls", null);
            return;
        }
        int beyond = occupied() - wanted();
        boolean dueOrRolling = ledger.rolling || out != null;
        for (Place place : ledger.places) {
            // One that dies before its turn has come is missed only when it is gone.
            dueOrRolling |= place.wasReady && place.alive() && mayHaveComeToALimit(place);
        }
        ledger.check(beyond == 0 || beyond == 1 && dueOrRolling, "so many places beyond those wanted: " + beyond, null);
        ledger.check(!ledger.rolling || ledger.candidate != 0 || !noneIsOld(), "does not say that it has rolled", null);
        ledger.check(ledger.candidate == 0 || scout != null || out != null, "nobody tries the release", null);
        if (out == null && ledger.candidate == 0 && ledger.ready() == ledger.target) {
            checkTurns(beyond);
        }
    }

    private void checkTurns(int beyond) {
        boolean fresh = false;
        for (Place place : ledger.places) {
            fresh |= place.phase == Phase.SPARE && !mayBeDue(place);
        }
        for (Place place : ledger.places) {
            if (place.sureToLeave && place.phase == Phase.SPARE) {
                throw ledger.broken("is kept though it is to leave", place);
            }
            if (place.sureToLeave && place.phase == Phase.READY) {
                ledger.check(!fresh, "is kept though its successor is ready", place);
                ledger.check(ledger.swarm.pool.spares() > 0 || beyond == 1, "no successor is on its way", place);
            }
        }
    }

    /** After a tick. */
    void ticked() {
        for (Place place : ledger.places) {
            boolean lives = place.phase == Phase.READY || place.phase == Phase.SPARE;
            if (lives && limits.ageNanos() > 0 && ledger.overdue(place.readyNanos + limits.ageNanos())) {
                place.sureToLeave = true;
            }
        }
        settled();
    }
}
