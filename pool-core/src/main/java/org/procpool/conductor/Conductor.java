package org.procpool.conductor;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task.Stop;
import org.procpool.conductor.Worker.Phase;
import org.procpool.proto.OnDisconnect;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.PoolState;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerResult;
import org.procpool.task.WorkerSnapshot;

/**
 * The pool's state machine. Every input is a method here, every output a call on {@link Effects}. Not thread-safe: one
 * thread makes all calls, with a time that never goes back. An {@link IllegalStateException} from here means a broken
 * invariant; the pool must stop.
 */
public final class Conductor implements Timer.Expiry {

    /** A tick that comes this much after it was due shows that the whole supervisor was held up. */
    private static final long LATE_NANOS = 500_000_000L;
    /** After a late tick nobody is interrupted or killed for so long: what they said meanwhile is read first. */
    private static final long FORGIVENESS_NANOS = 250_000_000L;

    private final ConductorOptions options;
    private final Effects effects;
    private final Counters counters = new Counters();
    private final Deadlines deadlines;
    private final TaskFlow tasks;
    private final WorkerTable table;
    private final OfferFlow offers;
    private final WorkerFlow workers;
    private final StuckAlarm stuck;
    private final Autoscale autoscale;
    private final Levers levers;
    private final Alarm drainTimer = new Alarm(false, this::drainDue);

    private PoolState state = PoolState.STARTING;
    private @Nullable String failure;
    private long nextTickNanos = Long.MAX_VALUE;
    private long forgiveUntilNanos = Long.MIN_VALUE;

    /**
     * @param seed decides every random choice
     * @param firstTaskId ids count up from here; leave gaps between supervisors, so that an id means one task for ever
     * @param nowNanos any monotonic clock's time
     */
    public Conductor(ConductorOptions options, Effects effects, long seed, long firstTaskId, long nowNanos) {
        RandomGenerator random = new SplittableRandom(seed);
        this.options = options;
        this.effects = effects;
        this.deadlines = new Deadlines(nowNanos);
        this.table = new WorkerTable(options);
        this.tasks = new TaskFlow(options, effects, counters, deadlines, table, random, firstTaskId);
        this.offers = new OfferFlow(options, effects, counters, deadlines, tasks, table);
        this.workers = new WorkerFlow(options, tasks.limits(), effects, counters, deadlines, offers, table, random);
        this.stuck = new StuckAlarm(effects, deadlines, tasks.queue(), table);
        this.autoscale = new Autoscale(options, deadlines, tasks, offers, workers, table, nowNanos);
        this.levers = new Levers(options, effects, tasks, table, offers, workers, this::afterTasks);
    }

    /** Launches the workers. The first input. */
    public void onStart(long nowNanos) {
        workers.start(nowNanos);
    }

    // ---- clients and their tasks

    /**
     * A new source of tasks.
     *
     * @param attachment the caller's own, given back by {@link Client#attachment}
     * @param sibling one of the same party, whose turns, limits and pauses it shares; null if there is none
     */
    public Client onClientOpened(OnDisconnect onDisconnect, Object attachment, @Nullable Client sibling) {
        return new Client(onDisconnect, attachment, sibling == null ? new Share() : sibling.share());
    }

    /** The client vanished; what it still has under way is treated as it wished. */
    public void onClientGone(Client client, long nowNanos) {
        if (client.gone) {
            return;
        }
        client.gone = true;
        tasks.queue().pause(client.share(), false);
        if (client.onDisconnect() != OnDisconnect.KEEP) {
            deadlines.setIn(client, nowNanos, options.disconnectGraceNanos());
        }
        afterTasks(nowNanos);
    }

    /** A client that does not take its results has nothing started for it until it does again. */
    public void onClientPaused(Client client, boolean paused, long nowNanos) {
        if (!client.gone && client.share().paused != paused) {
            tasks.queue().pause(client.share(), paused);
            afterTasks(nowNanos);
        }
    }

    /** Answered by {@link Effects#accept} or {@link Effects#reject}. */
    public void onSubmit(Client client, long correlation, TaskSpec spec, long nowNanos) {
        boolean refusing = state != PoolState.STARTING && state != PoolState.RUNNING;
        tasks.submit(client, correlation, spec, refusing, workers.serving(), nowNanos);
        afterTasks(nowNanos);
    }

    /** Ends the task early; without effect if it has ended or is unknown. */
    public void onCancel(long taskId, long nowNanos) {
        Task task = tasks.table().get(taskId);
        if (task != null) {
            tasks.stop(task, Stop.CANCEL, nowNanos);
            afterTasks(nowNanos);
        }
    }

    // ---- the store

    /** All records up to that number are safe. */
    public void onPersisted(long upTo, long nowNanos) {
        tasks.persisted(upTo, nowNanos);
        afterTasks(nowNanos);
    }

    /** No record from that number on is safe; those before it are answered for apart. */
    public void onPersistFailed(long from, long nowNanos) {
        tasks.persistFailed(from, nowNanos);
        afterTasks(nowNanos);
    }

    // ---- workers

    /** The process exists. */
    public void onLaunched(int slot, int generation, long pid) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            worker.pid = pid;
        }
    }

    /** There is no process, and will be none. */
    public void onLaunchFailed(int slot, int generation, String why, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            worker.bootError = why;
            gone(worker, null, 0, 0, nowNanos);
        }
    }

    /** The worker says why it cannot serve; its process ends by itself or by the boot time-out. */
    public void onBootFailed(int slot, int generation, String why, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null && worker.phase == Phase.STARTING) {
            worker.bootError = why;
            workers.kill(worker, Departure.BOOT_FAILED, nowNanos);
        }
    }

    /**
     * The worker serves from now on.
     *
     * @param taskNames what it can do
     * @param recorder whether its offers can be taken back; without, it holds one at a time
     * @param dispatched dispatch numbers that were used up to find out whether it is ready
     */
    public void onWorkerReady(
            int slot, int generation, List<String> taskNames, boolean recorder, long dispatched, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker == null || !workers.readied(worker, recorder, dispatched, nowNanos)) {
            return;
        }
        tasks.taskNames(taskNames);
        if (state == PoolState.STARTING) {
            state = PoolState.RUNNING;
        }
        afterTasks(nowNanos);
    }

    /** One of its sockets has closed. */
    public void onLinkLost(int slot, int generation, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            workers.linkLost(worker, nowNanos);
            afterTasks(nowNanos);
        }
    }

    /** It said something that the protocol does not allow. */
    public void onCorrupt(int slot, int generation, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            workers.kill(worker, Departure.CORRUPT, nowNanos);
            afterTasks(nowNanos);
        }
    }

    /** For long it took nothing of what was sent to it. */
    public void onStalled(int slot, int generation, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null && nowNanos >= forgiveUntilNanos) {
            workers.kill(worker, Departure.HUNG, nowNanos);
            afterTasks(nowNanos);
        }
    }

    /** Answers {@link Effects#ping}. */
    public void onPong(int slot, int generation) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            workers.heard(worker);
        }
    }

    /**
     * Answers {@link Effects#examine}.
     *
     * @param stopped whether the process is stopped
     * @param cpuNanos processor time that it has used since its start
     */
    public void onExamined(int slot, int generation, boolean stopped, long cpuNanos, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null && nowNanos >= forgiveUntilNanos) {
            workers.examined(worker, stopped, cpuNanos, nowNanos);
            afterTasks(nowNanos);
        }
    }

    /**
     * Answers {@link Effects#weigh}.
     *
     * @param residentBytes its memory as the system counts it; 0 if that cannot be known
     */
    public void onWeighed(int slot, int generation, long residentBytes, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            workers.weighed(worker, residentBytes, nowNanos);
            afterTasks(nowNanos);
        }
    }

    /**
     * Answers {@link Effects#observe}; also what a dead worker's flight recorder says last.
     *
     * @param passed highest dispatch that the worker has decided upon: it has started it, or found it taken back
     * @param running the same if it was started, else 0; its result may be under way
     * @param startNanos when that was, as the worker says
     */
    public void onObserved(int slot, int generation, long passed, long running, long startNanos, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker == null) {
            return;
        }
        if (passed > worker.offers().last()) {
            workers.kill(worker, Departure.CORRUPT, nowNanos);
        } else {
            offers.observed(worker, passed, running, startNanos, nowNanos);
        }
        afterTasks(nowNanos);
    }

    /** Answers {@link Effects#aim}: what has no result by now is what the worker runs. */
    public void onAimed(int slot, int generation, long dispatch, long nowNanos) {
        Worker worker = live(slot, generation);
        Task task = worker == null ? null : offers.aimed(worker, dispatch);
        if (worker != null && task != null) {
            workers.kill(worker, task.stop == Stop.RUN_TIMEOUT ? Departure.TIMED_OUT : Departure.CANCELLED, nowNanos);
        }
        afterTasks(nowNanos);
    }

    /** How an offer ended. False if it was not under way any more: then the result is dropped. */
    public boolean onResult(int slot, int generation, long dispatch, WorkerResult result, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker == null) {
            return false;
        }
        Task task = worker.offers().get(dispatch);
        if (task == null) {
            counters.stale();
            if (dispatch > worker.offers().last()) {
                onCorrupt(slot, generation, nowNanos);
            }
            return false;
        }
        tasks.result(worker, task, result, nowNanos);
        if (result.retire() || task.spec().retiresWorker()) {
            workers.retire(worker, Departure.RECYCLED, nowNanos);
        }
        workers.answered(worker, nowNanos);
        afterTasks(nowNanos);
        return true;
    }

    /**
     * A handler says how far it is.
     *
     * @param fraction 0 to 1
     */
    public void onProgress(int slot, int generation, long dispatch, double fraction, String note) {
        Worker worker = live(slot, generation);
        if (worker == null) {
            return;
        }
        Task task = worker.offers().get(dispatch);
        if (task == null) {
            counters.stale();
        } else {
            effects.progress(task, fraction, note);
        }
    }

    /**
     * The process has been reaped and everything it had still sent has been handed in.
     *
     * @param recovered results among that which were found in its flight recorder
     * @param wrapped those of them that lay across the end of the ring
     */
    public void onWorkerGone(int slot, int generation, WorkerEnd end, int recovered, int wrapped, long nowNanos) {
        Worker worker = live(slot, generation);
        if (worker != null) {
            gone(worker, end, recovered, wrapped, nowNanos);
        }
    }

    private void gone(Worker worker, @Nullable WorkerEnd end, int recovered, int wrapped, long nowNanos) {
        workers.ended(worker, nowNanos);
        Autopsy autopsy = Autopsies.of(worker, end, recovered, wrapped, nowNanos);
        for (Task task = worker.offers().first();
                task != null;
                task = worker.offers().first()) {
            tasks.lost(worker, task, autopsy, nowNanos);
        }
        // Before the next process takes its place.
        String why = worker.wasReady() || autopsy.why().isPlanned() ? "" : Autopsies.bootFailure(worker, end);
        boolean replace = !(state == PoolState.DRAINING && tasks.table().size() == 0);
        workers.gone(worker, autopsy, replace, nowNanos);
        if (!why.isEmpty() && workers.hopeless()) {
            giveUp(why, nowNanos);
        }
        afterTasks(nowNanos);
    }

    private void giveUp(String why, long nowNanos) {
        tasks.giveUpWaiting(why, nowNanos);
        if (!workers.everReady() && failure == null) {
            failure = why;
            effects.failed(why);
            onStop(nowNanos);
        }
    }

    // ---- shutting down

    /** Takes no more tasks, finishes what there is within the time given, then lets every worker go. */
    public void onDrain(long timeoutNanos, long nowNanos) {
        if (state == PoolState.STOPPED || state == PoolState.DRAINING) {
            return;
        }
        state = PoolState.DRAINING;
        deadlines.setIn(drainTimer, nowNanos, timeoutNanos);
        levers.windDown(nowNanos);
        afterTasks(nowNanos);
    }

    /** Ends everything at once: waiting tasks are cancelled, workers killed. */
    public void onStop(long nowNanos) {
        if (state == PoolState.STOPPED) {
            return;
        }
        state = PoolState.DRAINING;
        deadlines.cancel(drainTimer);
        levers.windDown(nowNanos);
        drainDue(nowNanos);
        for (Worker worker : table.all()) {
            workers.kill(worker, Departure.DRAINED, nowNanos);
        }
        afterTasks(nowNanos);
    }

    // ---- time

    /**
     * Does what is due. To be called after every batch of inputs and at the time that the last call returned.
     *
     * @return when to call again, at the latest; Long.MAX_VALUE if nothing is due by itself
     */
    public long onTick(long nowNanos) {
        if (nextTickNanos != Long.MAX_VALUE && nowNanos - nextTickNanos > LATE_NANOS) {
            forgiveUntilNanos = nowNanos + FORGIVENESS_NANOS;
        }
        for (Timer timer = deadlines.poll(nowNanos); timer != null; timer = deadlines.poll(nowNanos)) {
            if (timer.costsAProcess() && nowNanos < forgiveUntilNanos) {
                deadlines.set(timer, forgiveUntilNanos);
            } else {
                timer.due(this, nowNanos);
            }
        }
        afterTasks(nowNanos);
        autoscale.turned(nowNanos);
        stuck.turned(offers.paused() || state == PoolState.STOPPED, nowNanos);
        nextTickNanos = deadlines.nextNanos();
        return nextTickNanos;
    }

    @Override
    public void taskDue(Task task, long nowNanos) {
        Worker worker = task.worker;
        if (worker != null && task.stopping()) {
            offers.graceDue(worker, task, nowNanos);
        } else {
            tasks.due(task, nowNanos);
        }
    }

    @Override
    public void workerDue(Worker worker, long nowNanos) {
        // The same tick may just have ended the last task; then nobody is launched to be sent away at once.
        if (worker.phase != Phase.ABSENT
                || state != PoolState.DRAINING
                || tasks.table().size() > 0) {
            workers.due(worker, nowNanos);
        }
    }

    @Override
    public void clientDue(Client client, long nowNanos) {
        tasks.abandon(client, nowNanos);
    }

    private void drainDue(long nowNanos) {
        tasks.force(nowNanos);
        workers.close();
    }

    // ---- after every input

    private void afterTasks(long nowNanos) {
        offers.dispatch(nowNanos);
        if (state == PoolState.DRAINING && tasks.table().size() == 0 && workers.dismissAll(nowNanos)) {
            state = PoolState.STOPPED;
            deadlines.cancel(drainTimer);
            stuck.close();
            autoscale.close();
            effects.drained();
        }
    }

    /** The worker of that identity; null, and counted, if it has been reaped. */
    private @Nullable Worker live(int slot, int generation) {
        Worker worker = table.live(slot, generation);
        if (worker == null) {
            counters.stale();
        }
        return worker;
    }

    public Levers levers() {
        return levers;
    }

    // ---- to look at

    public PoolState state() {
        if (failure != null && state == PoolState.STOPPED) {
            return PoolState.FAILED;
        }
        return state == PoolState.RUNNING && workers.degraded() ? PoolState.DEGRADED : state;
    }

    /** The unfinished task of that id; null if there is none. */
    public @Nullable Task task(long id) {
        return tasks.table().get(id);
    }

    /** Up to so many unfinished tasks, those that run first, then by id. */
    public List<Task> tasks(int max) {
        return tasks.table().runningFirst(max);
    }

    public List<WorkerSnapshot> workers() {
        return table.snapshots();
    }

    /** What the workers can do, sorted. */
    public List<String> taskNames() {
        return tasks.admission().taskNames();
    }

    public Waiting waiting(long nowNanos) {
        return tasks.waiting(nowNanos);
    }

    public Counters counters() {
        return counters;
    }
}
