package org.procpool.conductor.simulation;

import java.util.Arrays;
import org.procpool.task.Departure;

/** The pace at which places are filled again, and the budget for those whose workers died. */
final class RestartRules {

    private static final long PROBATION_MIN_NANOS = Swarm.SECOND;
    private static final int PROBATION = 10;
    private static final long SLOWEST_NANOS = 30 * Swarm.SECOND;

    private final Ledger ledger;
    private final ClockRules clock;
    private final int max;
    private final long windowNanos;
    private final long slowNanos;
    /** When the last counted launches were, the newest last; the older half is forgotten now and then. */
    private long[] launches = new long[64];

    private int launched;
    private int pending;
    private long armedNanos = Long.MIN_VALUE / 2;
    private long degradedSinceNanos;
    private long degradedBy;
    /** When it was degraded last. */
    private long recoveredNanos = Long.MIN_VALUE;

    RestartRules(Ledger ledger, ClockRules clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.max = ledger.swarm.pool.restartsMax();
        this.windowNanos = ledger.swarm.pool.restartWindowNanos();
        this.slowNanos = Math.min(SLOWEST_NANOS, windowNanos);
    }

    /** Since when, or from when on, fewer than so many counted launches are within the window. */
    private long fewerSince(int count) {
        return launched < count ? Long.MIN_VALUE : launches[launched - count] + windowNanos;
    }

    private boolean full() {
        return fewerSince(max) > ledger.now;
    }

    private boolean nobodyIsReplaced() {
        return ledger.stopping || ledger.forced || ledger.finished();
    }

    void departed(Place place, Departure why) {
        long served = place.wasReady ? ledger.now - place.readyNanos : 0;
        boolean proven = place.wasReady
                && (place.results >= PROBATION
                        || served >= Math.max(PROBATION_MIN_NANOS, PROBATION * Delays.nominal(place.repeats)));
        boolean blameless =
                why.isPlanned() && why != Departure.DRAINED || why == Departure.TIMED_OUT || why == Departure.CANCELLED;
        if (proven || blameless) {
            place.repeats = 0;
        }
        if (nobodyIsReplaced() || place.vacant) {
            return;
        }
        pending += place.restartPending ? 0 : 1;
        place.restartPending = true;
        place.restartCounts = !blameless && why != Departure.DRAINED;
        place.departedNanos = ledger.now;
        place.restartFromNanos = place.repeats == 0 ? ledger.now : ledger.now + Delays.min(place.repeats);
        place.restartByNanos = place.repeats == 0 ? ledger.now : ledger.now + Delays.max(place.repeats);
        if (!place.restartCounts) {
            clock.expect(place.restartByNanos, ClockRules.RESTART, place);
        }
        if (!blameless) {
            place.repeats++;
        }
    }

    /** Its place is given up. */
    void vacated(Place place) {
        pending -= place.restartPending ? 1 : 0;
        place.restartPending = false;
    }

    /** @param anew nobody was in that place before, or it had been given up */
    void launching(Place place, boolean anew) {
        ledger.restarts += place.generation > 0 ? 1 : 0;
        if (anew) {
            return;
        }
        ledger.check(place.restartPending && ledger.now >= place.restartFromNanos, "launched too soon", place);
        if (place.restartCounts) {
            ledger.check(!full(), "launched beyond the budget", place);
            ledger.check(
                    !ledger.degraded
                            || place.leftBy < degradedBy
                            || ledger.now - place.departedNanos >= slowNanos * 4 / 5 - 1,
                    "launched too fast for a degraded pool",
                    place);
            if (launched == launches.length) {
                grow();
            }
            launches[launched++] = ledger.now;
        }
        pending--;
        place.restartPending = false;
    }

    private void grow() {
        if (max < launched / 2) {
            System.arraycopy(launches, launched / 2, launches, 0, launched - launched / 2);
            launched -= launched / 2;
        } else {
            launches = Arrays.copyOf(launches, 2 * launched);
        }
    }

    void degraded(String why) {
        ledger.check(!ledger.degraded, "degraded twice", why);
        ledger.check(full() && pending > 0, "degraded for no reason", why);
        ledger.check(!why.isEmpty(), "does not say why", why);
        ledger.degraded = true;
        degradedSinceNanos = ledger.now;
        degradedBy = ledger.inputs;
    }

    private long recoversNanos() {
        return fewerSince(max / 2 + 1);
    }

    void recovered() {
        ledger.check(ledger.degraded, "recovered without having been degraded", null);
        ledger.check(
                recoversNanos() <= ledger.now || ledger.draining, "recovered too soon", recoversNanos() - ledger.now);
        ledger.degraded = false;
        recoveredNanos = ledger.now;
    }

    /** After a tick. */
    void ticked(long nextNanos) {
        if (ledger.degraded && !ledger.draining) {
            ledger.check(!ledger.overdue(recoversNanos()), "is still degraded", null);
            ledger.check(nextNanos <= ledger.grainUp(recoversNanos()), "would not recover in time", null);
        }
        if (pending == 0 || nobodyIsReplaced()) {
            return;
        }
        // Each of those that are held back may look for its turn once in a while.
        boolean again = ledger.now - armedNanos >= slowNanos * 4 / 5;
        armedNanos = again ? ledger.now : armedNanos;
        for (Place place : ledger.places) {
            if (place.restartPending && place.restartCounts) {
                checkPending(place);
                if (again) {
                    clock.armed();
                }
            }
        }
    }

    private void checkPending(Place place) {
        boolean heldBack = ledger.degraded || recoveredNanos >= place.departedNanos;
        long deadline = place.restartByNanos;
        if (heldBack) {
            long slow = slowNanos + slowNanos / 5 + Swarm.MILLI;
            long from = Math.max(place.departedNanos, Math.max(fewerSince(max), degradedSinceNanos));
            deadline = Math.max(deadline, from + slow);
        }
        ledger.check(!ledger.overdue(deadline), "was not replaced in time", place);
    }

    /** After the input that brought its end. */
    void settled(Place place) {
        boolean atOnce = place.restartPending && place.restartByNanos <= ledger.now && !nobodyIsReplaced();
        ledger.check(!atOnce || place.restartCounts && ledger.degraded, "was not replaced at once", place);
    }
}
