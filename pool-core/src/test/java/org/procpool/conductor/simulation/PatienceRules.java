package org.procpool.conductor.simulation;

import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.conductor.simulation.Place.Stuck;
import org.procpool.conductor.simulation.SimOffer.Known;

/** What is taken back when a worker has been looked at: because it does not move, or because another is idle. */
final class PatienceRules {

    private static final int LATE_FOR_LOOKS = 150;
    private static final long STRETCH_MAX_NANOS = Swarm.SECOND;
    private static final long NANOS_PER_BYTE = 64;

    private final Ledger ledger;
    private final long patienceNanos;

    // Of the present observation.
    private long lastDispatch;
    private boolean mayLosePatience;
    private boolean mustLosePatience;
    /** The observed worker may give up so many to others, and must give up so many. */
    private int mayShare;

    private int mustShare;
    /** Nothing that was offered later, since it may still be on its way. */
    private long newestToShare;

    PatienceRules(Ledger ledger) {
        this.ledger = ledger;
        this.patienceNanos = ledger.swarm.pool.patienceNanos();
    }

    /** How long the worker could have begun it; its bytes need their time to get there. */
    private long age(SimOffer offer) {
        return ledger.now - offer.offeredNanos - NANOS_PER_BYTE * offer.bytes();
    }

    private int unstarted(Place place, long ageNanos) {
        int count = 0;
        for (SimOffer offer : place.inFlight) {
            count += offer.unstarted() && age(offer) >= ageNanos ? 1 : 0;
        }
        return count;
    }

    /** Those with a key wait until patience is lost. */
    private int shareable(Place place) {
        int count = 0;
        for (SimOffer offer : place.inFlight) {
            boolean keyed = !offer.task.spec.key().isEmpty();
            count += !keyed && offer.unstarted() && age(offer) >= Swarm.MILLI ? 1 : 0;
        }
        return count;
    }

    /** Before the conductor hears of it. */
    void observed(Place place) {
        lastDispatch = place.lastDispatch;
        mayLosePatience = false;
        mustLosePatience = false;
        mayShare = 0;
        mustShare = 0;
        if (place.phase != Phase.READY) {
            return;
        }
        SimOffer oldest = null;
        for (SimOffer offer : place.inFlight) {
            oldest = oldest == null && offer.unstarted() ? offer : oldest;
        }
        if (oldest != null && patienceNanos != 0) {
            // Patience stretches while the supervisor itself is late, since then the workers may be, too.
            boolean late = ledger.looks - ledger.looksWhenLate <= LATE_FOR_LOOKS;
            long stretch = late ? STRETCH_MAX_NANOS : Swarm.MILLI / 1_000;
            mayLosePatience = age(oldest) >= patienceNanos;
            mustLosePatience = age(oldest) >= patienceNanos + stretch;
        }
        share(place);
    }

    private void share(Place place) {
        int idle = 0;
        boolean most = true;
        boolean strictlyMost = true;
        int old = unstarted(place, Swarm.MILLI);
        int all = unstarted(place, Long.MIN_VALUE);
        for (Place other : ledger.places) {
            if (other == place || other.phase != Phase.READY) {
                continue;
            }
            idle += other.starves() ? 1 : 0;
            most &= old >= unstarted(other, Swarm.MILLI)
                    || all >= unstarted(other, Long.MIN_VALUE)
                    || place.unpassed() >= other.unpassed();
            strictlyMost &= old > other.unpassed();
        }
        newestToShare = 0;
        for (SimOffer offer : place.inFlight) {
            newestToShare = offer.unstarted() && offer.task.spec.key().isEmpty() && age(offer) >= Swarm.MILLI
                    ? offer.dispatch
                    : newestToShare;
        }
        int half = (shareable(place) + 1) / 2;
        mayShare = most ? half : 0;
        mustShare = strictlyMost && !mayLosePatience ? Math.min(half, idle) : 0;
    }

    /** Whether the observation is reason enough to take the offer back. */
    boolean permits(SimOffer offer) {
        boolean keyed = !offer.task.spec.key().isEmpty();
        return mayLosePatience || mayShare > 0 && !keyed && offer.dispatch <= newestToShare;
    }

    /** During an observation an offer was taken back. */
    void takenBack(Place place) {
        ledger.tally.count(mayLosePatience ? Incident.LOST_PATIENCE : Incident.SHARED);
        if (mayLosePatience && place.stuck != Stuck.YES) {
            place.stuck = mayShare > 0 && !mustLosePatience ? Stuck.MAYBE : Stuck.YES;
        }
    }

    /** After the observation. */
    void settled(Place place) {
        if (place.phase != Phase.READY) {
            return;
        }
        int asked = 0;
        int shared = 0;
        for (SimOffer offer : ledger.askedBack) {
            asked += offer.place == place ? 1 : 0;
            shared += offer.known == Known.NOT ? 1 : 0;
        }
        for (SimOffer offer : place.inFlight) {
            boolean before = offer.dispatch <= lastDispatch;
            ledger.check(!mustLosePatience || !before || !offer.unstarted(), "waits beyond patience", offer);
        }
        ledger.check(mayLosePatience || shared <= mayShare, "shares " + shared + " instead of " + mayShare, place);
        ledger.check(asked >= mustShare, "shares " + asked + " instead of " + mustShare, place);
    }
}
