package org.procpool.conductor.simulation;

import org.procpool.conductor.simulation.SimOffer.Known;

/** Who must be looked at, how often, and that nobody is looked at without need. */
final class SightRules {

    private static final long PERIOD_NANOS = Swarm.MILLI;
    private static final long PERIOD_MAX_NANOS = 10 * Swarm.MILLI;

    private final Ledger ledger;
    private final ClockRules clock;
    private long lookedBy = -1;

    SightRules(Ledger ledger, ClockRules clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    private static boolean urgent(Place place) {
        for (SimOffer offer : place.inFlight) {
            if (offer.known != Known.EXACTLY && offer.dispatch > place.passed) {
                return true;
            }
        }
        return false;
    }

    /** To be called whenever there may be more to see than before, or less. */
    void changed(Place place) {
        boolean urgent = urgent(place);
        if (urgent && !place.urgent) {
            place.urgentSinceNanos = ledger.now;
        }
        boolean needed = urgent || !place.takenBack.isEmpty();
        if (needed && !place.needed) {
            // A wake may find that there is nothing to see any more.
            clock.armed();
            place.neededSinceNanos = ledger.now;
        }
        place.urgent = urgent;
        place.needed = needed;
    }

    void observing(Place place) {
        boolean need = !place.takenBack.isEmpty();
        for (SimOffer offer : place.inFlight) {
            need |= offer.known != Known.EXACTLY;
        }
        ledger.check(place.recorder, "looks at a worker without a recorder", place);
        ledger.check(need, "looks at a worker without need", place);
        ledger.check(place.asked == 0 || ledger.now - place.observedNanos >= PERIOD_NANOS, "looks too often", place);
        place.observedNanos = ledger.now;
        if (lookedBy != ledger.inputs) {
            lookedBy = ledger.inputs;
            ledger.looks++;
        }
        place.asked++;
    }

    void answered(Place place) {
        place.asked = Math.max(0, place.asked - 1);
        place.answeredNanos = ledger.now;
    }

    /** After a tick. */
    void ticked(long nextNanos) {
        for (Place place : ledger.places) {
            if (!place.works() || !place.recorder) {
                continue;
            }
            changed(place);
            if (!place.needed || place.asked > 0) {
                continue;
            }
            long deadline = place.urgent
                    ? Math.max(place.urgentSinceNanos, place.answeredNanos) + PERIOD_NANOS
                    : Math.max(place.neededSinceNanos, place.answeredNanos) + PERIOD_MAX_NANOS;
            ledger.check(!ledger.overdue(deadline), "is not looked at", place);
            ledger.check(
                    nextNanos <= ledger.grainUp(deadline),
                    "would not be looked at in time but at " + (nextNanos - ledger.now) + " from now, by "
                            + (deadline - ledger.now),
                    place);
        }
    }
}
