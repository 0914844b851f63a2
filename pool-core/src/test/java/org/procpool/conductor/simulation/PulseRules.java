package org.procpool.conductor.simulation;

import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.conductor.simulation.Place.Pulse;

/** Who must be asked for a sign of life, and what is proof enough that a worker hangs. */
final class PulseRules {

    private static final double CPU_SHARE = 0.01;

    private final Ledger ledger;
    private final long timeoutNanos;
    private final long periodNanos;

    PulseRules(Ledger ledger) {
        this.ledger = ledger;
        this.timeoutNanos = ledger.swarm.pool.hangTimeoutNanos();
        this.periodNanos = timeoutNanos / 4;
    }

    private static boolean watched(Place place) {
        return place.works() || place.phase == Phase.SPARE;
    }

    void readied(Place place) {
        Pulse pulse = place.pulse;
        pulse.lastNanos = ledger.now;
        pulse.pingNanos = Long.MIN_VALUE;
        ponged(place);
    }

    void ponged(Place place) {
        place.pulse.unanswered = false;
        place.pulse.examined = false;
        place.pulse.examinations.clear();
    }

    private boolean silent(Pulse pulse) {
        return pulse.unanswered && ledger.now - pulse.silentFromNanos >= periodNanos;
    }

    void pinging(Place place) {
        Pulse pulse = place.pulse;
        ledger.check(timeoutNanos != 0 && watched(place), "pinged for no reason", place);
        ledger.check(
                pulse.pingNanos == Long.MIN_VALUE || ledger.now - pulse.pingNanos >= periodNanos,
                "pinged too often",
                place);
        if (!pulse.unanswered) {
            pulse.unanswered = true;
            pulse.silentFromNanos = ledger.now;
            pulse.examinedNanos = ledger.now;
        }
        pulse.pingNanos = ledger.now;
        pulse.lastNanos = ledger.now;
    }

    void examining(Place place) {
        Pulse pulse = place.pulse;
        ledger.check(timeoutNanos != 0 && watched(place), "examined for no reason", place);
        ledger.check(silent(pulse), "examined though it is not silent", place);
        ledger.check(ledger.now - pulse.examinedNanos >= periodNanos, "examined too often", place);
        pulse.examined = true;
        pulse.examinedNanos = ledger.now;
        pulse.lastNanos = ledger.now;
    }

    /** Before the conductor hears of it. */
    void examined(Place place, boolean stopped, long cpuNanos) {
        if (watched(place) && place.pulse.unanswered) {
            boolean counts = place.pulse.examined && ledger.now >= ledger.forgiveUntilNanos;
            place.pulse.examinations.add(new long[] {ledger.now, cpuNanos, stopped ? 1 : 0, counts ? 1 : 0});
        }
    }

    /** Whether there is proof enough, with the present examination. */
    boolean hangs(Place place) {
        Pulse pulse = place.pulse;
        int last = pulse.examinations.size() - 1;
        if (ledger.input != Step.EXAMINED || !silentEnough(place) || last < 0) {
            return false;
        }
        long[] now = pulse.examinations.get(last);
        boolean idle = false;
        for (int i = 0; i < last && ledger.now - pulse.examinations.get(i)[0] >= timeoutNanos; i++) {
            idle |= idleSince(pulse.examinations.get(i), now);
        }
        return now[2] == 1 || idle;
    }

    private boolean silentEnough(Place place) {
        return watched(place)
                && place.pulse.unanswered
                && ledger.now - place.pulse.silentFromNanos >= timeoutNanos
                && ledger.now >= ledger.forgiveUntilNanos;
    }

    private static boolean idleSince(long[] then, long[] now) {
        return now[1] - then[1] < CPU_SHARE * (now[0] - then[0]);
    }

    /** After the present examination has been answered. */
    void settled(Place place) {
        if (!silentEnough(place)) {
            return;
        }
        ledger.tally.count(Incident.BUSY_IN_SILENCE);
        int last = place.pulse.examinations.size() - 1;
        long[] present = place.pulse.examinations.get(last);
        ledger.check(present[2] == 0 || present[3] == 0, "lives on though it is stopped and silent", place);
        long[] first = null;
        boolean idle = true;
        for (int i = 0; i <= last; i++) {
            long[] next = place.pulse.examinations.get(i);
            if (next[3] == 0) {
                continue;
            }
            first = first == null ? next : first;
            idle &= i == 0 || next[1] == place.pulse.examinations.get(i - 1)[1];
        }
        ledger.check(
                first == null || !idle || ledger.now - first[0] < timeoutNanos,
                "lives on though it is silent and does nothing",
                place);
    }

    /** After a tick. */
    void ticked(long nextNanos) {
        if (timeoutNanos == 0) {
            return;
        }
        for (Place place : ledger.places) {
            if (!watched(place)) {
                continue;
            }
            Pulse pulse = place.pulse;
            long from = pulse.unanswered ? pulse.examinedNanos : pulse.lastNanos;
            // After a late tick it may wait until what was said meanwhile has been read.
            long deadline = Math.max(from + periodNanos, ledger.forgiveUntilNanos);
            ledger.check(
                    !ledger.overdue(deadline),
                    pulse.unanswered ? "is silent and not examined" : "is not pinged",
                    place);
            ledger.check(nextNanos <= ledger.grainUp(deadline), "would not be pinged or examined in time", place);
        }
    }
}
