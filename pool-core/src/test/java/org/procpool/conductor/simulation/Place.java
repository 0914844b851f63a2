package org.procpool.conductor.simulation;

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
        /** Told to leave. */
        LEAVING,
        KILLED
    }

    final int slot;
    Phase phase = Phase.ABSENT;
    int generation;
    WorkerId id;
    long pid;
    long launchedNanos;
    long readyNanos;
    boolean wasReady;
    /** Why it was sent away; null if nobody did. */
    @Nullable
    Departure wanted;

    /** It was killed for a time-out or for a cancel, which came due in the same tick. */
    boolean wantedForEither;

    @Nullable
    SimTask running;

    long lastDispatch;
    /** Number of its last offer among all. */
    long lastOffer;
    /** Results of the present process. */
    long results;

    long completed;
    long failed;
    /** Deaths in a row that were no fault of a task. */
    int repeats;

    boolean restartPending;
    long restartFromNanos;
    long leaveByNanos;

    Place(int slot) {
        this.slot = slot;
        this.id = new WorkerId(slot, 0);
    }

    boolean hasRoom() {
        return phase == Phase.READY && running == null;
    }

    boolean alive() {
        return phase != Phase.ABSENT;
    }
}
