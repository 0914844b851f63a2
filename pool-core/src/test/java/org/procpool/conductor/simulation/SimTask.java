package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerResult;

/** A submission, and what its watcher knows of it. */
final class SimTask {

    // Bits of why it is being ended early. More than one is set only if they came due in the same tick.
    static final int RUN_TIMEOUT = 1;
    static final int CANCEL = 2;
    static final int CLIENT_GONE = 4;
    static final int SHUTDOWN = 8;
    /** While it was being accepted. */
    static final int QUARANTINED = 16;

    /** Its place in the order of submissions; the correlation that the conductor is given. */
    final int number;

    final SimClient client;
    final TaskSpec spec;
    final long submittedNanos;
    /** Long.MAX_VALUE if it may wait for ever. */
    final long expiresNanos;

    Stage stage = Stage.NEW;
    /** What its submission must be answered with; null if it must be accepted. */
    @Nullable
    RejectReason refusal;

    /** The conductor's; null until it was first seen. */
    @Nullable
    Task task;

    /** Its place in its client's lane while it is queued; null while it is not. */
    SimClient.@Nullable Entry entry;

    int stops;
    /** Starts, an offer that may yet be taken back included. */
    int attempts;
    /** Starts that ended because its worker was ended for another's sake. */
    int excused;
    /** Starts that ended because its worker's heap was full. */
    int outOfMemory;
    /** Starts that its handler failed. */
    int failures;
    /** It was taken back, and not offered again since. */
    boolean strayed;
    /** All offers, those taken back included. */
    int offers;
    /** In truth: how often a worker has claimed it. */
    int starts;
    /** Attempts of which nobody can know whether they were starts. */
    int doubtful;

    /** The present one; null while no worker has it. */
    @Nullable
    SimOffer offer;

    long retryFromNanos;
    /** The last attempt that was lost; null if none was. */
    @Nullable
    SimOffer lost;

    long lostNanos;
    String lostBy = "";
    /** What its handler failed it with last, if that was what ended the last attempt; else null. */
    @Nullable
    WorkerResult failure;

    // At the store.
    long submitLsn;
    long settleLsn;
    int settleTries;
    boolean settleFailed;
    long settleFailedNanos;

    @Nullable
    Outcome outcome;

    SimTask(int number, SimClient client, TaskSpec spec, long submittedNanos) {
        this.number = number;
        this.client = client;
        this.spec = spec;
        this.submittedNanos = submittedNanos;
        this.expiresNanos = spec.ttlNanos() == 0 ? Long.MAX_VALUE : Ledger.plus(submittedNanos, spec.ttlNanos());
    }

    /** An attempt has ended with its worker, which left for that reason. */
    void lostTo(Departure why) {
        switch (why) {
            case OUT_OF_MEMORY -> outOfMemory++;
            case TIMED_OUT, CANCELLED, RECYCLED, SCALED_DOWN, RELOADED, DRAINED -> excused++;
            case CRASHED, HUNG, CORRUPT, BOOT_FAILED -> {}
        }
    }

    /** Whether it may be tried once more after its handler has failed it, as far as its attempts go. */
    boolean mayFailAgain() {
        return failures < spec.retry().attempts();
    }

    /** Likewise after its worker was lost: a full heap is tried once more at most. */
    boolean mayRepeat() {
        return spec.maxAttempts() > 1 && attempts - excused - failures < spec.maxAttempts() && outOfMemory < 2;
    }

    long id() {
        Task known = task;
        return known == null ? 0 : known.id();
    }

    /** Of the worker that has it; 0 if none has. */
    int slot() {
        SimOffer present = offer;
        return present == null ? 0 : present.place.slot;
    }
}
