package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Departure;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** One place of the pool and the process in it, if there is one. Owned by the conductor's thread. */
final class Worker extends Timer {

    /** What its process is doing; whether it is busy is derived from what is in flight. */
    enum Phase {
        /** No process; if a deadline is set, the next one starts then. */
        ABSENT,
        /** Not ready yet. Deadline: the boot time-out. */
        STARTING,
        READY,
        /** Told to leave. Deadline: when it is killed instead. */
        DRAINING,
        /** Killed, or as good as dead; waits to be reaped. */
        DYING
    }

    private final int slot;

    Phase phase = Phase.ABSENT;
    /** Of the present process; changes at each launch. */
    WorkerId id;

    long pid;
    long launchedNanos;
    private long readyNanos;
    private boolean wasReady;
    /** Why it is being removed; null while nobody removes it. */
    @Nullable
    Departure departure;
    /** Last thing it said about why it cannot boot. */
    String bootError = "";

    /** Number of the last offer to the present process. */
    long lastDispatch;
    /** Order of its last offer among all workers' offers; the smaller, the longer ago. */
    long lastOffer;

    /** Processes of this place that died young in a row. */
    int repeats;

    long completed;
    long failed;
    /** Results of the present process. */
    long results;

    @Nullable
    private Task running;

    Worker(int slot) {
        this.slot = slot;
        this.id = new WorkerId(slot, 0);
    }

    int slot() {
        return slot;
    }

    /** Whether it may be offered a task. One at a time, until claims let a worker be offered more than it runs. */
    boolean hasRoom() {
        return phase == Phase.READY && running == null;
    }

    int inFlight() {
        return running == null ? 0 : 1;
    }

    @Nullable
    Task running() {
        return running;
    }

    /** The task of that offer, if it has no result yet. */
    @Nullable
    Task inFlight(long dispatch) {
        Task task = running;
        return task != null && task.dispatch == dispatch ? task : null;
    }

    void assign(Task task) {
        if (!hasRoom()) {
            throw new IllegalStateException("worker " + id + " has no room for task " + task.id());
        }
        running = task;
        task.worker = this;
        task.dispatch = ++lastDispatch;
    }

    void release(Task task) {
        if (running != task) {
            throw new IllegalStateException("worker " + id + " does not have task " + task.id());
        }
        running = null;
        task.worker = null;
    }

    /** Begins the life of the next process. */
    WorkerId launch(long nowNanos) {
        id = new WorkerId(slot, id.generation() + 1);
        phase = Phase.STARTING;
        pid = 0;
        launchedNanos = nowNanos;
        wasReady = false;
        results = 0;
        departure = null;
        bootError = "";
        lastDispatch = 0;
        return id;
    }

    void readied(long nowNanos) {
        readyNanos = nowNanos;
        wasReady = true;
    }

    boolean wasReady() {
        return wasReady;
    }

    /** Meaningful once it was ready. */
    long readyNanos() {
        return readyNanos;
    }

    WorkerState state() {
        return switch (phase) {
            case ABSENT -> WorkerState.EXITED;
            case STARTING -> WorkerState.STARTING;
            case READY -> running == null ? WorkerState.IDLE : WorkerState.BUSY;
            case DRAINING, DYING -> WorkerState.DRAINING;
        };
    }

    WorkerSnapshot snapshot() {
        Task task = running;
        return new WorkerSnapshot(
                id,
                phase == Phase.ABSENT ? 0 : pid,
                state(),
                inFlight(),
                completed,
                failed,
                Math.max(0, id.generation() - 1),
                wasReady ? (readyNanos - launchedNanos) / 1_000_000 : 0,
                task == null ? null : task.spec().name(),
                task == null ? 0 : task.id());
    }

    @Override
    boolean costsAProcess() {
        return phase == Phase.STARTING || phase == Phase.DRAINING;
    }

    @Override
    void due(Expiry expiry, long nowNanos) {
        expiry.workerDue(this, nowNanos);
    }
}
