package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/** A submission, and what its watcher knows of it. */
final class SimTask {

    // Bits of why it is being ended early. More than one is set only if they came due in the same tick.
    static final int RUN_TIMEOUT = 1;
    static final int CANCEL = 2;
    static final int CLIENT_GONE = 4;
    static final int SHUTDOWN = 8;

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

    int stops;
    int attempts;
    boolean interrupted;
    long dispatch;
    long startedNanos;
    /** When the interrupt for its run limit is due; Long.MAX_VALUE if there is none. */
    long limitNanos = Long.MAX_VALUE;

    long graceEndsNanos;
    long retryFromNanos;

    // Of the last attempt.
    int slot;

    @Nullable
    WorkerId worker;

    long pid;
    long lostAfterNanos;
    String lostBy = "";

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

    long id() {
        Task known = task;
        return known == null ? 0 : known.id();
    }
}
