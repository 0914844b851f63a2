package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/**
 * A task from submission to outcome. Owned by the conductor, which alone changes it; others may read it on the
 * conductor's thread.
 */
public final class Task extends Timer {

    private final long id;
    private final Client client;
    private final long correlation;
    private final TaskSpec spec;
    private final long submittedNanos;

    private TaskState state = TaskState.ACCEPTING;
    /** Why it is being ended early; NONE as long as nobody wants that. */
    Stop stop = Stop.NONE;

    /** Its starts, and an offer that may be one. */
    int attempts;
    /** Attempts that ended because its worker was ended for another's sake. */
    int excused;
    /** Attempts that ended because its worker's heap was full. */
    int outOfMemory;
    /** Attempts that ended because its handler failed it. */
    int failures;
    /** When its present, or last, attempt was offered. */
    long offeredNanos;
    /** Its present offer cannot be taken back: the worker has begun it. */
    boolean started;
    /** When its present, or last, attempt started; meaningful once {@link #started}. */
    long startedNanos;
    /** What that attempt may take; 0 = any time. */
    long runLimitNanos;
    /** Whether that is the moment itself, not only the latest that it can be. */
    boolean startExact;

    /** The worker that it was offered to last did not get to it; whatever its key is, another one will do. */
    boolean strayed;

    @Nullable
    Worker worker;

    long dispatch;
    /** How its last attempt would have ended it, had it not been lined up for another; null if there was none. */
    @Nullable
    Outcome loss;

    /** Set from SETTLING on. */
    @Nullable
    Outcome outcome;

    /** Kept by {@link TaskQueue}. */
    boolean inQueue;

    // Links of the lists it is in: its queue lane while QUEUED, its client's tasks until SETTLED.
    @Nullable
    Task previousQueued;

    @Nullable
    Task nextQueued;

    @Nullable
    Task previousOfClient;

    @Nullable
    Task nextOfClient;

    Task(long id, Client client, long correlation, TaskSpec spec, long submittedNanos) {
        this.id = id;
        this.client = client;
        this.correlation = correlation;
        this.spec = spec;
        this.submittedNanos = submittedNanos;
    }

    public long id() {
        return id;
    }

    public Client client() {
        return client;
    }

    /** As the client submitted it. */
    public long correlation() {
        return correlation;
    }

    public TaskSpec spec() {
        return spec;
    }

    public TaskState state() {
        return state;
    }

    /** How often it has started; one that is offered counts as started until it is taken back. */
    public int attempts() {
        return attempts;
    }

    /** Whether a cancel or time-out is under way. */
    public boolean stopping() {
        return stop != Stop.NONE;
    }

    /** On the conductor's clock. */
    public long submittedNanos() {
        return submittedNanos;
    }

    /** Whether its worker is known to have begun it; if not, it is merely lined up there. */
    public boolean started() {
        return state == TaskState.RUNNING && started;
    }

    /** On the conductor's clock; meaningful once {@link #attempts} is above 0. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Slot of the worker it runs on; 0 if it does not run. */
    public int workerSlot() {
        return worker == null ? 0 : worker.slot();
    }

    /** Absolute; Long.MAX_VALUE if it may wait for ever. */
    long expiresNanos() {
        long ttl = spec.ttlNanos();
        return ttl == 0 || ttl > Deadlines.NEVER_NANOS ? Long.MAX_VALUE : submittedNanos + ttl;
    }

    boolean ended() {
        return state == TaskState.SETTLING || state == TaskState.SETTLED;
    }

    void to(TaskState next) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException("task " + id + " cannot go from " + state + " to " + next);
        }
        state = next;
    }

    @Override
    boolean costsAProcess() {
        return state == TaskState.RUNNING && started;
    }

    @Override
    void due(Expiry expiry, long nowNanos) {
        expiry.taskDue(this, nowNanos);
    }

    /** Why a task is being ended early. The first reason stays. */
    enum Stop {
        NONE,
        RUN_TIMEOUT,
        /** A client asked. */
        CANCEL,
        /** Its client vanished. */
        CLIENT_GONE,
        /** The pool is shutting down and its time is up. */
        SHUTDOWN,
        /** Tasks of its kind kill worker after worker. */
        QUARANTINED
    }
}
