package org.procpool.conductor.simulation;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.conductor.simulation.Place.Stuck;
import org.procpool.conductor.simulation.SimOffer.Known;
import org.procpool.task.Departure;
import org.procpool.task.Routing;
import org.procpool.task.WorkerId;

/** Who may be offered how much, what may and what must be taken back, and who is shot at. */
final class OfferRules {

    private static final int BYTES_MAX = 128 * 1024;

    private final Ledger ledger;
    private final ClockRules clock;
    private final SightRules sight;
    private final PatienceRules patience;
    private final HomeRules homes;
    private long offers;
    private int rotation = 1;
    private final QuarantineRules quarantine;
    private final QueueRules queue;

    OfferRules(Ledger ledger, QueueRules queue, ClockRules clock, SightRules sight, QuarantineRules quarantine) {
        this.quarantine = quarantine;
        this.queue = queue;
        this.ledger = ledger;
        this.clock = clock;
        this.sight = sight;
        this.patience = new PatienceRules(ledger);
        this.homes = new HomeRules(ledger);
    }

    private Place present(WorkerId id) {
        Place place = ledger.places[id.slot()];
        ledger.check(place.alive() && place.id.equals(id), "not the present worker: " + id, place);
        return place;
    }

    private SimOffer present(WorkerId id, long dispatch) {
        Place place = present(id);
        SimOffer offer = place.inFlight(dispatch);
        ledger.check(offer != null, "has no offer " + dispatch, place);
        return Objects.requireNonNull(offer);
    }

    // ---- offering

    Place offering(WorkerId id, long dispatch, SimTask task) {
        Place place = present(id);
        ledger.check(!ledger.paused, "offered while the pool is paused", task);
        ledger.check(place.phase == Phase.READY, "offered to a worker that does not serve", place);
        ledger.check(place.aimedAt == 0, "offered to a worker that is to be killed", place);
        ledger.check(place.stuck != Stuck.YES, "offered to a worker that does not move", place);
        ledger.check(dispatch == place.lastDispatch + 1, "dispatch numbers do not count up", place);
        int room = place.recorder ? ledger.swarm.pool.prefetchMax() : 1;
        ledger.check(place.held() < room, "offered more than " + room, place);
        checkClaims(place, dispatch - ledger.swarm.pool.claims());
        checkBytes(place, task.spec.payload().size());
        if (task.spec.key().isEmpty() || task.strayed) {
            checkTurn(place);
        } else {
            homes.offering(place, task);
        }
        task.strayed = false;
        rotation = place.slot % (ledger.places.length - 1) + 1;
        place.lastOffer = ++offers;
        place.lastDispatch = dispatch;
        return place;
    }

    private void checkClaims(Place place, long settledUpTo) {
        for (SimOffer offer : place.inFlight) {
            ledger.check(offer.dispatch > settledUpTo, "its claim would be used again too soon: " + offer, place);
        }
        for (SimOffer offer : place.takenBack) {
            ledger.check(offer.dispatch > settledUpTo, "its claim would be used again too soon: " + offer, place);
        }
    }

    private void checkBytes(Place place, long bytes) {
        long ahead = 0;
        boolean unpassed = false;
        for (SimOffer offer : place.inFlight) {
            if (offer.dispatch > place.passed) {
                ahead += offer.bytes();
                unpassed = true;
            }
        }
        for (SimOffer offer : place.takenBack) {
            ahead += offer.bytes();
            unpassed = true;
        }
        boolean alone = !unpassed && place.inFlight.isEmpty();
        ledger.check(alone || ahead + bytes <= BYTES_MAX, ahead + " + " + bytes + " bytes ahead of it", place);
    }

    /** Whoever holds nothing has room for certain; of the others only the conductor knows. */
    private void checkTurn(Place chosen) {
        if (ledger.swarm.pool.routing() == Routing.ROUND_ROBIN) {
            int slot = rotation;
            while (slot != chosen.slot) {
                ledger.check(!ledger.places[slot].starves(), "not its turn but that of place " + slot, chosen);
                slot = slot % (ledger.places.length - 1) + 1;
            }
            return;
        }
        for (Place other : ledger.places) {
            boolean better = chosen.inFlight.isEmpty() ? other.lastOffer < chosen.lastOffer : true;
            ledger.check(other == chosen || !other.starves() || !better, "busier than worker " + other.id, chosen);
        }
    }

    void offered(SimOffer offer) {
        Place place = offer.place;
        place.inFlight.add(offer);
        if (!place.recorder) {
            started(offer, Known.EXACTLY, ledger.now);
        }
        sight.changed(place);
    }

    private void started(SimOffer offer, Known known, long startNanos) {
        offer.known = known;
        offer.startNanos = startNanos;
        offer.limitNanos = Ledger.plus(startNanos, ledger.runLimitNanos(offer.task));
        if (ledger.runLimitNanos(offer.task) == Long.MAX_VALUE) {
            offer.limitNanos = Long.MAX_VALUE;
        }
        clock.expect(offer.limitNanos, ClockRules.RUN, offer.task);
    }

    // ---- taking back

    SimOffer takingBack(WorkerId id, long dispatch) {
        SimOffer offer = present(id, dispatch);
        Place place = offer.place;
        ledger.check(place.recorder, "takes back from a worker without a recorder", place);
        ledger.check(offer.known == Known.NOT, "takes back what is known to have started", offer);
        offer.askedBackBy = ledger.inputs;
        ledger.askedBack.add(offer);
        return offer;
    }

    void takenBack(SimOffer offer, boolean won) {
        Place place = offer.place;
        if (!won) {
            ledger.tally.count(Incident.STARTED_MEANWHILE);
            started(offer, Known.NO_LATER, ledger.now);
            sight.changed(place);
            return;
        }
        SimTask task = offer.task;
        place.inFlight.remove(offer);
        if (offer.dispatch > place.passed) {
            place.takenBack.add(offer);
        }
        Incident incident = incident(offer);
        if (incident != null) {
            ledger.tally.count(incident);
        }
        if (offer.unwantedBy == ledger.inputs) {
            task.stops |= SimTask.CLIENT_GONE;
            ledger.mustStop.add(task);
        }
        task.attempts--;
        task.strayed = true;
        task.offer = null;
        queue.ended(task.client.share);
        ledger.comingBack.add(offer);
        if (place.wonBy != ledger.inputs) {
            place.wonBy = ledger.inputs;
            place.won = 0;
        }
        place.won++;
        if (ledger.input == Step.OBSERVED) {
            patience.takenBack(place);
        }
        sight.changed(place);
    }

    private @Nullable Incident incident(SimOffer offer) {
        return switch (ledger.input) {
            case CANCEL -> Incident.CANCELLED_UNSTARTED;
            case LINK_LOST, GONE, CORRUPT, STALLED, EXAMINED -> Incident.TAKEN_BACK_AT_DEATH;
            case RESULT -> Incident.TAKEN_BACK_AT_RETIREMENT;
            case TICK ->
                offer.task.expiresNanos <= ledger.now
                        ? Incident.EXPIRED_UNSTARTED
                        : offer.task.stops == 0 ? Incident.TAKEN_BACK_BEFORE_A_SHOT : null;
            default -> null;
        };
    }

    // ---- observing

    /** Before the conductor hears of it. */
    void observed(Place place, long passed, long running, long startNanos) {
        sight.answered(place);
        if (passed > place.passed) {
            place.stuck = Stuck.NO;
        }
        place.passed(passed);
        SimOffer offer = running == 0 ? null : place.inFlight(running);
        if (offer != null && offer.known != Known.EXACTLY) {
            long start = Math.max(offer.offeredNanos, Math.min(ledger.now, startNanos));
            started(offer, Known.EXACTLY, start);
        }
        sight.changed(place);
        patience.observed(place);
    }

    // ---- aiming and interrupting

    SimOffer aimed(WorkerId id, long dispatch) {
        SimOffer offer = present(id, dispatch);
        Place place = offer.place;
        ledger.check(place.works(), "aims at a worker that is as good as dead", place);
        ledger.check(offer.interrupted && ledger.now >= offer.graceEndsNanos, "aims before the grace is over", offer);
        ledger.check(ledger.now >= ledger.forgiveUntilNanos, "aims right after the supervisor was late", offer);
        place.aimedAt = dispatch;
        place.aimedBy = ledger.inputs;
        return offer;
    }

    SimOffer interrupted(WorkerId id, long dispatch) {
        SimOffer offer = present(id, dispatch);
        Place place = offer.place;
        SimTask task = offer.task;
        ledger.check(
                place.works() || place.phase == Phase.LEAVING, "interrupted a worker that is as good as dead", place);
        ledger.check(!offer.interrupted, "interrupted twice", task);
        ledger.check(!offer.unstarted(), "interrupted what could be taken back", task);
        boolean atLimit = ledger.now >= offer.limitNanos;
        if (atLimit && ledger.input == Step.TICK && (task.stops == 0 || ledger.mustStop.contains(task))) {
            task.stops |= SimTask.RUN_TIMEOUT;
        }
        ledger.check(task.stops != 0, "interrupted before its limit", task);
        ledger.check(
                task.stops != SimTask.RUN_TIMEOUT || ledger.now >= ledger.forgiveUntilNanos,
                "interrupted right after the supervisor was late",
                task);
        offer.interrupted = true;
        offer.graceEndsNanos = Ledger.plus(ledger.now, ledger.graceNanos);
        clock.expect(offer.graceEndsNanos, ClockRules.GRACE, task);
        return offer;
    }

    /** Before the conductor hears that everything has been handed in. */
    void aimAnswered(Place place, long dispatch) {
        if (!place.works() || place.aimedAt != dispatch) {
            return;
        }
        if (place.inFlight(dispatch) == null) {
            ledger.tally.count(Incident.SHOT_CALLED_OFF);
            calledOff(place);
        }
    }

    private void calledOff(Place place) {
        place.aimedAt = 0;
        for (SimOffer offer : place.inFlight) {
            if (offer.interrupted) {
                // While another task of it was aimed at, this one's turn could not come.
                clock.expect(Math.max(ledger.now + Swarm.MILLI, offer.graceEndsNanos), ClockRules.GRACE, offer.task);
            }
        }
    }

    // ---- after every input

    void settled(int runnable) {
        if (runnable > 0 && !ledger.paused) {
            for (Place place : ledger.places) {
                ledger.check(!place.starves(), "holds nothing though tasks wait: " + runnable, place);
            }
        }
        checkAskedBack();
        for (SimOffer offer : ledger.unwanted) {
            ledger.check(
                    offer.task.offer != offer || !offer.unstarted(),
                    "was not taken back for its vanished client",
                    offer);
        }
        for (Place place : ledger.places) {
            boolean paused = ledger.input == Step.PAUSE_POOL && ledger.paused;
            if (paused || place.leftBy == ledger.inputs || place.aimedBy == ledger.inputs) {
                checkNothingWaits(place);
            }
        }
        if (ledger.input == Step.OBSERVED && ledger.inputPlace != null) {
            patience.settled(ledger.inputPlace);
        }
        if (ledger.input == Step.AIMED) {
            checkAimed(ledger.inputPlace);
        }
    }

    private void checkNothingWaits(Place place) {
        for (SimOffer offer : place.inFlight) {
            ledger.check(!offer.unstarted(), "was left at a worker that will not start it", offer);
        }
    }

    private void checkAskedBack() {
        List<SimOffer> asked = ledger.askedBack;
        for (int i = 0; i < asked.size(); i++) {
            SimOffer offer = asked.get(i);
            Place place = offer.place;
            boolean stopped = offer.task.stops != 0 || ledger.mustStop.contains(offer.task);
            boolean expired = ledger.input == Step.TICK && offer.task.expiresNanos <= ledger.now;
            boolean heldBack = quarantine.holdsSinceNow(offer.task.spec.name());
            if (stopped || expired || heldBack || offer.unwantedBy == ledger.inputs) {
                continue;
            }
            boolean leaves = place.leftBy == ledger.inputs || place.aimedBy == ledger.inputs;
            boolean observed = ledger.input == Step.OBSERVED && place == ledger.inputPlace;
            boolean paused = ledger.input == Step.PAUSE_POOL;
            ledger.check(
                    paused || leaves || observed && patience.permits(offer), "was taken back for no reason", offer);
            SimOffer next = i + 1 < asked.size() ? asked.get(i + 1) : null;
            ledger.check(
                    next == null
                            || next.place != place
                            || next.dispatch < offer.dispatch
                            || ledger.input == Step.TICK
                            || ledger.input == Step.STOP_POOL,
                    "was not taken back the newest first",
                    offer);
        }
    }

    private void checkAimed(@Nullable Place place) {
        if (place == null || !place.works() || place.aimedAt != ledger.inputLsn) {
            return;
        }
        ledger.check(ledger.now < ledger.forgiveUntilNanos, "was not killed though it was aimed at", place);
        calledOff(place);
    }

    /** Why an aimed worker is killed; null if it must not be. */
    @Nullable
    Departure reasonToShoot(Place place, @Nullable Departure given) {
        if (ledger.input != Step.AIMED || ledger.inputPlace != place || place.aimedAt != ledger.inputLsn) {
            return null;
        }
        SimOffer offer = place.inFlight(place.aimedAt);
        if (offer == null) {
            return null;
        }
        if (given == Departure.CANCELLED) {
            // Both may have come due in the same tick.
            return offer.task.stops == SimTask.RUN_TIMEOUT ? Departure.TIMED_OUT : given;
        }
        return (offer.task.stops & SimTask.RUN_TIMEOUT) != 0 ? Departure.TIMED_OUT : Departure.CANCELLED;
    }
}
