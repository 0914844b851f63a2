package org.procpool.conductor.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerResult;

/**
 * What an onlooker knows who saw every input and every effect. The rules read and write it; the conductor never does.
 */
final class Ledger {

    /** Deadlines are kept to the millisecond, counted from the pool's start. */
    private static final long GRAIN_NANOS = 1_000_000L;

    final Swarm swarm;
    final Trace trace;
    final Tally tally = new Tally();
    /** By slot; there is none in slot 0. More are added as they are launched. */
    Place[] places;

    final List<SimTask> tasks = new ArrayList<>();
    final List<SimClient> clients = new ArrayList<>();
    /** Of all clients; some share one. */
    final List<SimShare> shares = new ArrayList<>();
    /** Tasks that the present input has moved. */
    final List<SimTask> touched = new ArrayList<>();
    /** Tasks that the present input must end, or begin to end. */
    final List<SimTask> mustStop = new ArrayList<>();
    /** Tasks between two attempts. */
    final List<SimTask> waitingToRepeat = new ArrayList<>();

    /** Tasks whose last record the store has not confirmed. */
    final List<SimTask> atStore = new ArrayList<>();
    /** Offers taken back by the present input whose tasks have not been seen to go anywhere yet, in that order. */
    final List<SimOffer> comingBack = new ArrayList<>();
    /** Those that the present input must try to take back because their client has vanished. */
    final List<SimOffer> unwanted = new ArrayList<>();
    /** All that the present input tried to take back. */
    final List<SimOffer> askedBack = new ArrayList<>();

    SortedSet<String> names = new TreeSet<>();
    long now;

    /** How many there were. */
    long inputs;

    // The present input.
    Step input = Step.START;

    @Nullable
    SimTask inputTask;

    @Nullable
    Place inputPlace;

    @Nullable
    WorkerResult inputResult;

    @Nullable
    SimOffer inputOffer;

    @Nullable
    WorkerEnd inputEnd;

    String inputText = "";
    long inputLsn;
    int inputRecovered;
    int inputWrapped;
    /** The boots that failed are enough to give up what waits. */
    boolean hopeless;

    // The pool.
    boolean draining;
    /** Its time is up. */
    boolean forced;
    /** The input that forced it. */
    long forcedBy;
    /** It was told to end at once, or has given up. */
    boolean stopping;

    boolean failed;
    boolean drained;
    boolean everReady;
    /** All that are to serve have been ready at once. */
    boolean everFull;

    boolean degraded;
    int bootFailures;

    // The boot that failed last, and what a report of it must say.
    @Nullable
    WorkerId lastFailed;

    String lastBootError = "";

    long drainByNanos;
    long forgiveUntilNanos = Long.MIN_VALUE;
    /** How many times there was somebody to look at, so far, and when a tick came late last. */
    long looks;

    long looksWhenLate = -1_000;

    /** How many are to serve. */
    int target;

    // Limits that the operator may change.
    int queueTasksMax;
    int queuedPerClientMax;
    long queueBytesMax;
    long runTimeoutNanos;
    long graceNanos;

    /** Nothing may be started. */
    boolean paused;
    /** What workers are launched with, and what is being tried, or 0. */
    int release = 1;

    int candidate;
    /** A release was asked for, and has neither been taken to the end nor given up. */
    boolean rolling;

    // Sums.
    int unfinished;
    int waiting;
    long waitingBytes;
    int settling;
    long stale;
    long restarts;
    long accepted;

    Ledger(Swarm swarm) {
        this.swarm = swarm;
        this.trace = new Trace(swarm.originNanos);
        this.now = swarm.originNanos;
        this.places = new Place[swarm.pool.places() + 1];
        for (int slot = 0; slot < places.length; slot++) {
            places[slot] = new Place(slot);
        }
        target = swarm.pool.workers();
        queueTasksMax = swarm.pool.queueTasksMax();
        queuedPerClientMax = swarm.pool.clients().queuedTasksMax();
        queueBytesMax = swarm.pool.queueBytesMax();
        runTimeoutNanos = swarm.pool.runTimeoutNanos();
        graceNanos = swarm.pool.graceNanos();
        places[0].vacant = true;
    }

    void begin(Step step) {
        inputs++;
        input = step;
        inputTask = null;
        inputPlace = null;
        inputResult = null;
        inputOffer = null;
        inputEnd = null;
        askedBack.clear();
        unwanted.clear();
        inputText = "";
        hopeless = false;
        touched.clear();
        mustStop.clear();
        tally.steps[step.ordinal()]++;
    }

    void traced(Step step, Place place, @Nullable SimTask task, int detail) {
        trace.add(now, step, place.slot, place.generation, task == null ? 0 : task.id(), detail);
        if (step.isEffect()) {
            tally.steps[step.ordinal()]++;
        }
    }

    /** The place of that process, if the process is still its present one. */
    @Nullable
    Place live(int slot, int generation) {
        Place place = places[slot];
        return place.alive() && place.generation == generation ? place : null;
    }

    /** Of that slot, which may be the next after the last. */
    Place place(int slot) {
        if (slot == places.length) {
            places = Arrays.copyOf(places, slot + 1);
            places[slot] = new Place(slot);
            places[slot].vacant = true;
        }
        return places[slot];
    }

    int ready() {
        int ready = 0;
        for (Place place : places) {
            if (place.phase == Place.Phase.READY) {
                ready++;
            }
        }
        return ready;
    }

    SimTask of(Task task) {
        SimTask found = tasks.get((int) task.correlation());
        check(found.task == null || found.task == task, "a task changed its identity", found);
        check(task.client() == found.client.client && task.spec() == found.spec, "a task changed", found);
        found.task = task;
        return found;
    }

    void move(SimTask task, Stage next) {
        Stage last = task.stage;
        tally.moves[last.ordinal()][next.ordinal()]++;
        int waits = (next.waits() ? 1 : 0) - (last.waits() ? 1 : 0);
        waiting += waits;
        task.client.share.waiting += waits;
        waitingBytes += (next.waits() ? task.spec.payload().size() : 0)
                - (last.waits() ? task.spec.payload().size() : 0);
        unfinished += (next.unfinished() ? 1 : 0) - (last.unfinished() ? 1 : 0);
        if (last == Stage.WAITING) {
            waitingToRepeat.remove(task);
        }
        if (next == Stage.WAITING) {
            waitingToRepeat.add(task);
        }
        if (next == Stage.ACCEPTING || next == Stage.SETTLING) {
            atStore.add(task);
        }
        task.stage = next;
        touched.add(task);
    }

    /** Whether a deadline must have been acted on by now; it may be acted on from its own moment on. */
    boolean overdue(long deadlineNanos) {
        return deadlineNanos <= now && grainUp(deadlineNanos) <= now;
    }

    /** The moment at which the deadline is acted on at the latest. */
    long grainUp(long deadlineNanos) {
        if (deadlineNanos > swarm.originNanos && deadlineNanos - swarm.originNanos < 0) {
            return Long.MAX_VALUE;
        }
        return swarm.originNanos - Math.floorDiv(swarm.originNanos - deadlineNanos, GRAIN_NANOS) * GRAIN_NANOS;
    }

    /** Whether its time was up before the present input; within that one what comes first is not promised. */
    boolean forcedBefore() {
        return forced && forcedBy < inputs;
    }

    /** Whether the text names the boot that failed last, why, and its last words. */
    boolean saysWhy(String text) {
        Place place = inputPlace;
        return place != null
                && text.contains(inputText)
                && text.contains(lastBootError)
                && (lastFailed == null || text.contains("worker " + lastFailed + ":"));
    }

    PoolState state() {
        if (drained) {
            return failed ? PoolState.FAILED : PoolState.STOPPED;
        }
        if (draining) {
            return PoolState.DRAINING;
        }
        return !everReady ? PoolState.STARTING : degraded ? PoolState.DEGRADED : PoolState.RUNNING;
    }

    /** Long.MAX_VALUE if it has none. */
    long runLimitNanos(SimTask task) {
        long limit = task.spec.runTimeoutNanos() != 0 ? task.spec.runTimeoutNanos() : runTimeoutNanos;
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    /** Whether all serve that are to, and every place has a process, which is booted unless all are soon too old. */
    boolean full() {
        boolean full = ready() == target;
        for (Place place : places) {
            boolean booted = place.works() || place.phase == Place.Phase.SPARE;
            full &= place.vacant || booted || swarm.pool.limits().ageNanos() > 0 && place.alive();
        }
        return full;
    }

    /** Of the tasks that have not ended the one that was submitted first; null if there is none. */
    @Nullable
    SimTask oldest() {
        for (SimTask task : tasks) {
            if (task.stage.unfinished()) {
                return task;
            }
        }
        return null;
    }

    boolean finished() {
        return draining && unfinished == 0;
    }

    /** A delay of centuries is none. */
    static long plus(long time, long delay) {
        return delay > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : time + delay;
    }

    void check(boolean holds, String rule, @Nullable Object about) {
        if (!holds) {
            throw broken(rule, about);
        }
    }

    Violation broken(String rule, @Nullable Object about) {
        String what = "";
        if (about instanceof SimTask task) {
            what = " (task #" + task.id() + " " + task.stage + ", attempt " + task.attempts + ", stops " + task.stops
                    + ", " + task.spec + ", " + task.offer + ", " + task.outcome + ")";
        } else if (about instanceof Place place) {
            what = " (worker " + place.id + " " + place.phase + ", wanted " + place.wanted + ", in flight "
                    + place.inFlight + ", taken back " + place.takenBack + ", passed " + place.passed + ", stuck "
                    + place.stuck + ")";
        } else if (about != null) {
            what = " (" + about + ")";
        }
        return new Violation(rule + what + " at " + (now - swarm.originNanos) + " ns during " + input);
    }
}
