package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.DeathAccount;
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
        /** Ready, and kept for the place of one that leaves. */
        SPARE,
        /** Gets nothing new; it is told to leave when it has finished what it runs. */
        RETIRING,
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
    /** Why it is to leave in its own time, and the numbers behind that; null while it may stay. */
    @Nullable
    Departure leaving;

    String leavingDetail = "";
    /** Order in which those that are to leave came to it. */
    long leavingOrder;
    /** Wakes when it is old enough to leave; null if age does not matter. */
    @Nullable
    Alarm age;

    /** What it was launched with; the higher, the newer. */
    int release;
    /** Whether a process is wanted in this place at all. */
    boolean wanted = true;
    /** Last thing it said about why it cannot boot. */
    String bootError = "";

    /** Order of its last offer among all workers' offers; the smaller, the longer ago. */
    long lastOffer;

    /** Processes of this place that died young in a row. */
    int repeats;

    long completed;
    long failed;
    /** Results of the present process. */
    long results;

    /** The dispatch that it is about to be killed for, while nothing new may reach it; 0 if none. */
    long aimed;
    /** An offer was taken back because it did not move; it gets nothing until it does. */
    boolean stuck;
    /** It was told to leave and did, without being killed. */
    boolean leftByItself;
    /** Whether its present departure, if it is restarted, counts against the budget. */
    boolean restartCounts;

    // Of the present process's death, from its first sign on.
    private boolean signed;
    private int inFlightAtDeath;
    private int returned;

    final Pulse pulse = new Pulse();
    private final ConductorOptions options;
    private Offers offers;
    private Prefetch prefetch;
    private boolean recorder;

    Worker(int slot, ConductorOptions options) {
        this.slot = slot;
        this.id = new WorkerId(slot, 0);
        this.options = options;
        this.offers = new Offers(options.claims(), 0);
        this.prefetch = new Prefetch(1);
    }

    int slot() {
        return slot;
    }

    Offers offers() {
        return offers;
    }

    /** Whether its offers can be taken back, and so it may hold several. */
    boolean hasRecorder() {
        return recorder;
    }

    /** Whether it may be offered a task, if not of any size. */
    boolean hasRoom() {
        return takesOffers() && offers.held() < prefetch.depth() && offers.hasRoom();
    }

    /** Whether it may be offered tasks at all, as far as it goes by what it is and not by what it has. */
    boolean takesOffers() {
        return phase == Phase.READY && aimed == 0 && !stuck;
    }

    /** Whether it has booted and may be at work. */
    boolean works() {
        return phase == Phase.READY || phase == Phase.RETIRING;
    }

    /** Whether it is booted and lives. */
    boolean lives() {
        return works() || phase == Phase.SPARE;
    }

    /** How many offers it may hold. */
    int depth() {
        return prefetch.depth();
    }

    int inFlight() {
        return offers.inFlight();
    }

    void assign(Task task) {
        if (!hasRoom()) {
            throw new IllegalStateException("worker " + id + " has no room for task " + task.id());
        }
        offers.add(task);
        task.worker = this;
    }

    void takeBack(Task task) {
        offers.revoke(task);
        task.worker = null;
        if (signed) {
            returned++;
        }
    }

    /** It has answered the task. */
    void answered(Task task, long runNanos, boolean success) {
        offers.end(task);
        task.worker = null;
        stuck = false;
        prefetch.ran(runNanos);
        results++;
        if (success) {
            completed++;
        } else {
            failed++;
        }
    }

    /** It is gone, and the task with it. */
    void lost(Task task) {
        offers.end(task);
        task.worker = null;
        failed++;
    }

    /** Notes what it held when its end began to show; only the first call counts. */
    void sign() {
        if (!signed) {
            signed = true;
            inFlightAtDeath = offers.inFlight();
        }
    }

    /** What becomes of its offers now that it is gone; what is still in flight is lost. */
    DeathAccount account(int recovered, int wrapped) {
        return new DeathAccount(inFlightAtDeath, recovered, wrapped, returned, offers.inFlight());
    }

    /** Begins the life of the next process. */
    void launch(long nowNanos) {
        id = new WorkerId(slot, id.generation() + 1);
        phase = Phase.STARTING;
        pid = 0;
        launchedNanos = nowNanos;
        wasReady = false;
        results = 0;
        departure = null;
        leaving = null;
        leavingDetail = "";
        bootError = "";
        offers = new Offers(options.claims(), 0);
        aimed = 0;
        stuck = false;
        leftByItself = false;
        signed = false;
        inFlightAtDeath = 0;
        returned = 0;
    }

    /** @param dispatched dispatch numbers that are used up */
    void readied(boolean withRecorder, long dispatched, long nowNanos) {
        readyNanos = nowNanos;
        offers = new Offers(options.claims(), dispatched);
        wasReady = true;
        recorder = withRecorder;
        prefetch = new Prefetch(withRecorder ? options.prefetchMax() : 1);
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
            case READY -> offers.inFlight() == 0 ? WorkerState.IDLE : WorkerState.BUSY;
            case SPARE -> WorkerState.SPARE;
            case RETIRING, DRAINING, DYING -> WorkerState.DRAINING;
        };
    }

    WorkerSnapshot snapshot() {
        Task task = offers.first();
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
