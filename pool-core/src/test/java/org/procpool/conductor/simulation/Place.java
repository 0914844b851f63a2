package org.procpool.conductor.simulation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Departure;
import org.procpool.task.WorkerId;

/** A worker's place, and what its watcher knows of the process in it. */
final class Place {

    /** What its process is doing, as far as one can know from outside. */
    enum Phase {
        ABSENT,
        STARTING,
        READY,
        /** Ready, and waiting to take another's part. */
        SPARE,
        /** Gets nothing new, and is told to leave when it has done what it has. */
        RETIRING,
        /** Told to leave. */
        LEAVING,
        KILLED
    }

    /** Whether it was found not to move. */
    enum Stuck {
        NO,
        /** It has said something that does not count. */
        MAYBE,
        YES
    }

    final int slot;
    Phase phase = Phase.ABSENT;
    int generation;
    WorkerId id;
    long pid;
    long launchedNanos;
    long readyNanos;
    boolean wasReady;
    boolean recorder;
    /** Why it was sent away; null if nobody did. */
    @Nullable
    Departure wanted;

    /** Why it retires; meaningful while it does. */
    @Nullable
    Departure leaving;

    int release;
    /** No process is wanted in it. */
    boolean vacant;
    /** The input by which it was given up last. */
    long vacatedBy = -1;
    /** It has come to a limit for certain. */
    boolean sureToLeave;

    boolean hung;

    /** Offers without a result, by their dispatch. */
    final List<SimOffer> inFlight = new ArrayList<>();
    /** Those taken back that it has not passed yet. */
    final List<SimOffer> takenBack = new ArrayList<>();

    long lastDispatch;
    /** Number of its last offer among all. */
    long lastOffer;
    /** Everything up to this dispatch it has decided. */
    long passed;

    Stuck stuck = Stuck.NO;
    /** The dispatch for which it is to be killed; 0 if none. */
    long aimedAt;

    long aimedBy = -1;
    /** The input in which it was killed, told to leave, or was gone. */
    long leftBy = -1;

    // Observation.
    int asked;
    long answeredNanos;
    /** Since when there is something to observe that cannot wait. */
    boolean urgent;

    long urgentSinceNanos;
    boolean needed;
    long neededSinceNanos;
    long observedNanos;

    final Pulse pulse = new Pulse();

    // For the account of its death.
    long wonBy = -1;
    int won;
    int wonByAim;
    int inFlightAtAim;
    int inFlightAtSign;
    int returned;
    int lost;

    @Nullable
    SimOffer firstLost;

    long firstLostNanos;
    int firstLostAttempt;

    /** Results of the present process. */
    long results;

    long completed;
    long failed;
    /** Deaths in a row that were no fault of a task. */
    int repeats;

    /** What a report of its failed boot must say. */
    String bootError = "";

    boolean restartPending;
    /** Its next launch counts towards the restart budget. */
    boolean restartCounts;

    long departedNanos;
    long restartFromNanos;
    long restartByNanos;
    long leaveByNanos;

    Place(int slot) {
        this.slot = slot;
        this.id = new WorkerId(slot, 0);
    }

    void launched(WorkerId next, long nowNanos) {
        id = next;
        generation = next.generation();
        phase = Phase.STARTING;
        pid = 0;
        launchedNanos = nowNanos;
        wasReady = false;
        recorder = false;
        wanted = null;
        hung = false;
        leaving = null;
        sureToLeave = false;
        lastDispatch = 0;
        passed = 0;
        stuck = Stuck.NO;
        aimedAt = 0;
        asked = 0;
        urgent = false;
        needed = false;
        takenBack.clear();
        wonBy = -1;
        inFlightAtSign = 0;
        returned = 0;
        lost = 0;
        firstLost = null;
        bootError = "";
        results = 0;
    }

    boolean alive() {
        return phase != Phase.ABSENT;
    }

    /** Whether it may be at work. */
    boolean works() {
        return phase == Phase.READY || phase == Phase.RETIRING;
    }

    int held() {
        return inFlight.size() + takenBack.size();
    }

    /** Whether it must get a task if there is one. */
    boolean starves() {
        return phase == Phase.READY && aimedAt == 0 && stuck == Stuck.NO && held() == 0;
    }

    /** The offer of that number, if it has no result yet. */
    @Nullable
    SimOffer inFlight(long dispatch) {
        for (SimOffer offer : inFlight) {
            if (offer.dispatch == dispatch) {
                return offer;
            }
        }
        return null;
    }

    void passed(long dispatch) {
        passed = Math.max(passed, dispatch);
        takenBack.removeIf(offer -> offer.dispatch <= passed);
    }

    /** Offers that lie behind what it has passed; some of them may be known to have started. */
    int unpassed() {
        int count = 0;
        for (SimOffer offer : inFlight) {
            count += offer.dispatch > passed ? 1 : 0;
        }
        return count;
    }

    /** Its pings, pongs and examinations. */
    static final class Pulse {
        long lastNanos;
        long pingNanos;
        /** The first ping that has no pong. */
        boolean unanswered;

        long silentFromNanos;
        /** It was examined since it fell silent, or is being. */
        boolean examined;

        long examinedNanos;
        /** Since it fell silent: when, processor time, whether stopped, whether the conductor must heed it. */
        final List<long[]> examinations = new ArrayList<>();
    }
}
