package org.procpool;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.Effects;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.link.Observation;
import org.procpool.link.Recovery;
import org.procpool.link.Turn;
import org.procpool.link.WorkerLink;
import org.procpool.link.WorkerServer;
import org.procpool.process.ProcessLook;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerArchive;
import org.procpool.process.WorkerCommand;
import org.procpool.process.WorkerProcess;
import org.procpool.process.WorkerSettings;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.TaskFrame;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.PoolState;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties the rooms together on one event loop: hands what processes, sockets and clients say to the conductor, and
 * carries out what it wants. Everything but {@link #post} and {@link #eventLoop} is called on the loop.
 */
final class PoolLoop implements PoolPort, Effects {

    private static final Logger LOG = LoggerFactory.getLogger(PoolLoop.class);
    private static final int TOKEN_BYTES = 16;
    /** Task ids: a random number per pool in front of a counter, so that no two pools ever give out the same. */
    private static final int ID_COUNTER_BITS = 44;

    private static final int ID_POOL_BITS = 19;
    /** Pools that live shorter than this make no archive for others. */
    private static final long ARCHIVE_DELAY_MILLIS = 2_000;

    private final PoolOptions options;
    private final EventLoop eventLoop;
    private final WorkerCommand command;
    private final WorkerArchive archive;
    private final RunDirectory directory;
    private final WorkerServer server;
    private final Callbacks callbacks;
    private final PoolListener listener;
    private final SecureRandom random = new SecureRandom();
    private final Turn turn = new Turn();
    private final Conductor conductor;
    private final Map<WorkerId, WorkerHandle> handles = new HashMap<>();
    private final long startedNanos;
    private final Runnable endOfTurn = this::endDueTurn;

    /** Completed when the first worker is ready; exceptionally when none can be. */
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    /** Completed when nothing is left running. */
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();

    private long turnNanos;
    private boolean inTurn;
    private boolean endIsDue;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNanos = Long.MAX_VALUE;
    private boolean broken;
    private int boots;
    /** What the conductor wants looked at, done when its own turn is over. */
    private final List<Runnable> looks = new ArrayList<>();
    /** Reports of dead workers, the newest first. */
    private final ArrayDeque<Autopsy> autopsies = new ArrayDeque<>();

    private @Nullable String degraded;

    PoolLoop(
            PoolOptions options,
            EventLoop eventLoop,
            WorkerCommand command,
            WorkerArchive archive,
            RunDirectory directory,
            Callbacks callbacks,
            PoolListener listener) {
        this.options = options;
        this.eventLoop = eventLoop;
        this.command = command;
        this.archive = archive;
        this.directory = directory;
        this.server = new WorkerServer(
                turn, options.payloadBytesMax(), options.bootTimeoutNanos(), options.writeTimeoutNanos());
        this.callbacks = callbacks;
        this.listener = listener;
        this.startedNanos = System.nanoTime();
        this.conductor = new Conductor(options.conductor(), this, random.nextLong(), firstTaskId(), startedNanos);
    }

    private long firstTaskId() {
        return (1L + random.nextInt(1 << ID_POOL_BITS)) << ID_COUNTER_BITS;
    }

    CompletableFuture<Void> started() {
        return started;
    }

    CompletableFuture<Void> terminated() {
        return terminated;
    }

    WorkerServer server() {
        return server;
    }

    // ---- turns

    @Override
    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public Turn turn() {
        return turn;
    }

    @Override
    public long nowNanos() {
        if (!inTurn) {
            inTurn = true;
            turnNanos = System.nanoTime();
        }
        return turnNanos;
    }

    @Override
    public void endTurn() {
        if (!endIsDue) {
            endIsDue = true;
            // Runs once every channel that is ready in this round of the loop has been read, so that a client gets
            // the results of all its workers, and a worker all that is for it, with one system call.
            eventLoop.execute(endOfTurn);
        }
    }

    private void endDueTurn() {
        endIsDue = false;
        runTurn(() -> {});
    }

    private void endTurnNow() {
        long next = conductor.onTick(nowNanos());
        while (!looks.isEmpty()) {
            List<Runnable> now = List.copyOf(looks);
            looks.clear();
            now.forEach(Runnable::run);
            next = conductor.onTick(nowNanos());
        }
        turn.flush();
        callbacks.flush();
        inTurn = false;
        wakeUpAt(next);
    }

    private void wakeUpAt(long nanos) {
        if (nanos >= wakeUpNanos) {
            return;
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeUpNanos = nanos;
        wakeUp = eventLoop.schedule(
                () -> {
                    wakeUpNanos = Long.MAX_VALUE;
                    runTurn(() -> {});
                },
                nanos - turnNanos,
                TimeUnit.NANOSECONDS);
    }

    /** Runs the work as a turn of its own, later; not at all once the loop has ended. Any thread. */
    void post(Runnable work) {
        try {
            eventLoop.execute(() -> runTurn(work));
        } catch (RejectedExecutionException e) {
            LOG.debug("pool={} has ended; nothing is done any more", options.name());
        }
    }

    /** Runs the work as a turn of its own, after a while. */
    void later(long delay, TimeUnit unit, Runnable work) {
        eventLoop.schedule(() -> runTurn(work), delay, unit);
    }

    private void runTurn(Runnable work) {
        if (broken) {
            return;
        }
        try {
            work.run();
            endTurnNow();
        } catch (RuntimeException | InternalError e) {
            broken(e);
        }
    }

    /** A broken invariant: nothing that is known can be trusted, so everything ends, loudly. */
    @Override
    public void broken(Throwable cause) {
        if (broken || cause instanceof InternalError && aPageIsCorrupt()) {
            return;
        }
        broken = true;
        LOG.error("pool={} state=broken: ending all workers; please report this with its stack", options.name(), cause);
        handles.values().forEach(WorkerHandle::kill);
        PoolException e = new PoolException("pool '" + options.name() + "' broke: " + cause, cause);
        callbacks.add(() -> {
            started.completeExceptionally(e);
            terminated.completeExceptionally(e);
        });
        callbacks.flush();
    }

    /** Compiled code may report the loss of a page's memory late, and far from where it was touched. */
    private boolean aPageIsCorrupt() {
        boolean found = false;
        for (WorkerHandle handle : List.copyOf(handles.values())) {
            try {
                handle.link().verify();
            } catch (CorruptRecorderException e) {
                found = true;
                post(() -> corrupt(handle, String.valueOf(e.getMessage())));
            }
        }
        return found;
    }

    // ---- for clients

    @Override
    public Client open(OnDisconnect onDisconnect, ClientSink sink) {
        return conductor.onClientOpened(onDisconnect, sink);
    }

    @Override
    public void gone(Client client) {
        conductor.onClientGone(client, nowNanos());
    }

    @Override
    public void pause(Client client, boolean paused) {
        conductor.onClientPaused(client, paused, nowNanos());
    }

    @Override
    public void submit(Client client, long correlation, TaskSpec spec) {
        conductor.onSubmit(client, correlation, spec, nowNanos());
    }

    @Override
    public void cancel(long taskId) {
        conductor.onCancel(taskId, nowNanos());
    }

    @Override
    public @Nullable Task task(long taskId) {
        return conductor.task(taskId);
    }

    @Override
    public List<Task> tasks(int max) {
        return conductor.tasks(max);
    }

    @Override
    public List<String> taskNames() {
        return conductor.taskNames();
    }

    @Override
    public PoolSnapshot snapshot() {
        return new PoolSnapshot(
                options.name(),
                conductor.state(),
                (nowNanos() - startedNanos) / 1_000_000,
                options.routing(),
                conductor.workers(),
                conductor.taskNames(),
                conductor.waitingTasks(),
                conductor.waitingBytes(),
                options.queueTasksMax(),
                conductor.totals(),
                conductor.counters().restarts(),
                conductor.counters().staleMessages(),
                degraded);
    }

    // ---- life

    void start() {
        conductor.onStart(nowNanos());
    }

    void drain(long timeoutNanos) {
        if (conductor.state() == PoolState.RUNNING || conductor.state() == PoolState.STARTING) {
            LOG.info("pool={} state=draining waiting={}", options.name(), conductor.waitingTasks());
        }
        conductor.onDrain(timeoutNanos, nowNanos());
    }

    void stop() {
        LOG.info("pool={} state=stopping waiting={}", options.name(), conductor.waitingTasks());
        conductor.onStop(nowNanos());
    }

    // ---- from workers

    void launched(WorkerHandle worker) {
        LOG.info("worker={} state=starting pid={}", worker.id, worker.pid);
        server.launched(worker.token(), worker.pid);
        conductor.onLaunched(worker.id.slot(), worker.id.generation(), worker.pid);
        PoolListener.WorkerStarted event = new PoolListener.WorkerStarted(worker.id, worker.pid);
        callbacks.add(() -> listener.workerStarted(event));
    }

    void launchFailed(WorkerHandle worker, String why) {
        conductor.onLaunchFailed(worker.id.slot(), worker.id.generation(), why, nowNanos());
    }

    void ready(WorkerHandle worker, List<String> taskNames, boolean recorder, long bootMillis) {
        LOG.info("worker={} state=ready pid={} bootMillis={}", worker.id, worker.pid, bootMillis);
        conductor.onWorkerReady(worker.id.slot(), worker.id.generation(), taskNames, recorder, nowNanos());
        boots++;
        if (boots == options.workers()) {
            later(ARCHIVE_DELAY_MILLIS, TimeUnit.MILLISECONDS, () -> archive.train(directory.archiveDirectory()));
        }
        PoolListener.WorkerReady event = new PoolListener.WorkerReady(worker.id, worker.pid, bootMillis);
        callbacks.add(() -> {
            listener.workerReady(event);
            started.complete(null);
        });
    }

    void bootFailed(WorkerHandle worker, String why) {
        conductor.onBootFailed(worker.id.slot(), worker.id.generation(), why, nowNanos());
    }

    void result(WorkerHandle worker, long dispatch, WorkerResult result) {
        conductor.onResult(worker.id.slot(), worker.id.generation(), dispatch, result, nowNanos());
    }

    void progress(WorkerHandle worker, long dispatch, double fraction, String note) {
        conductor.onProgress(worker.id.slot(), worker.id.generation(), dispatch, fraction, note);
    }

    void corrupt(WorkerHandle worker, String why) {
        LOG.warn("worker={} pid={} broke the protocol and is killed: {}", worker.id, worker.pid, why);
        conductor.onCorrupt(worker.id.slot(), worker.id.generation(), nowNanos());
    }

    void linkLost(WorkerHandle worker) {
        PoolListener.WorkerDisconnected event = new PoolListener.WorkerDisconnected(worker.id, worker.pid);
        callbacks.add(() -> listener.workerDisconnected(event));
        conductor.onLinkLost(worker.id.slot(), worker.id.generation(), nowNanos());
    }

    void pong(WorkerHandle worker) {
        conductor.onPong(worker.id.slot(), worker.id.generation());
    }

    void examined(WorkerHandle worker, ProcessLook look) {
        conductor.onExamined(worker.id.slot(), worker.id.generation(), look.stopped(), look.cpuNanos(), nowNanos());
    }

    void stalled(WorkerHandle worker) {
        LOG.warn("worker={} pid={} took nothing of what was sent to it for write-timeout", worker.id, worker.pid);
        conductor.onStalled(worker.id.slot(), worker.id.generation(), nowNanos());
    }

    void exited(WorkerHandle worker, WorkerEnd end, Recovery recovery) {
        if (!worker.wasReady()) {
            archive.bootFailed(end.exit());
        }
        Observation last = recovery.last();
        if (last != null) {
            observed(worker.id, last);
        }
        conductor.onWorkerGone(
                worker.id.slot(), worker.id.generation(), end, recovery.results(), recovery.wrapped(), nowNanos());
    }

    private void observed(WorkerId worker, Observation seen) {
        conductor.onObserved(
                worker.slot(), worker.generation(), seen.passed(), seen.running(), seen.startNanos(), nowNanos());
    }

    // ---- effects

    @Override
    public void launch(WorkerId id) {
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String token = HexFormat.of().formatHex(secret);
        WorkerHandle handle = new WorkerHandle(id, this, token);
        handles.put(id, handle);
        WorkerLink link = server.expect(token, handle);
        WorkerSettings settings =
                new WorkerSettings(id, directory.socket(), token, options.handlers(), options.providers());
        handle.start(
                link,
                WorkerProcess.launch(command, archive, settings, directory.workerDirectory(id.toString()), handle));
    }

    @Override
    public void offer(WorkerId worker, long dispatch, Task task) {
        TaskSpec spec = task.spec();
        long limit = spec.runTimeoutNanos() != 0 ? spec.runTimeoutNanos() : options.runTimeoutNanos();
        handle(worker)
                .link()
                .offer(new TaskFrame(
                        dispatch, task.id(), task.attempts(), spec.name(), limit / 1_000_000, spec.payload()));
    }

    @Override
    public boolean revoke(WorkerId worker, long dispatch) {
        WorkerHandle handle = handle(worker);
        try {
            return handle.link().revoke(dispatch);
        } catch (CorruptRecorderException e) {
            looks.add(() -> corrupt(handle, String.valueOf(e.getMessage())));
            return false;
        }
    }

    @Override
    public void observe(WorkerId worker) {
        looks.add(() -> look(worker));
    }

    private void look(WorkerId worker) {
        WorkerHandle handle = handles.get(worker);
        if (handle == null) {
            return;
        }
        try {
            Observation seen = handle.link().observe();
            if (seen != null) {
                observed(worker, seen);
            }
        } catch (CorruptRecorderException e) {
            corrupt(handle, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void aim(WorkerId worker, long dispatch) {
        looks.add(() -> {
            WorkerHandle handle = handles.get(worker);
            if (handle != null) {
                handle.link().readAll();
                conductor.onAimed(worker.slot(), worker.generation(), dispatch, nowNanos());
            }
        });
    }

    @Override
    public void ping(WorkerId worker) {
        handle(worker).link().ping();
    }

    @Override
    public void examine(WorkerId worker) {
        handle(worker).examine();
    }

    @Override
    public void interrupt(WorkerId worker, long dispatch) {
        handle(worker).link().cancel(dispatch);
    }

    @Override
    public void drain(WorkerId worker) {
        handle(worker).link().drain();
    }

    @Override
    public void kill(WorkerId worker, @Nullable Departure why) {
        WorkerHandle handle = handle(worker);
        if (why == Departure.TIMED_OUT || why == Departure.CANCELLED) {
            handle.killAfterDump(true);
        } else if (why == Departure.HUNG) {
            handle.killAfterDump(false);
        } else {
            handle.kill();
        }
    }

    private WorkerHandle handle(WorkerId worker) {
        WorkerHandle handle = handles.get(worker);
        if (handle == null) {
            throw new IllegalStateException("worker " + worker + " has no process");
        }
        return handle;
    }

    @Override
    public void persist(long lsn, StoreRecord record) {
        throw new IllegalStateException("pool '" + options.name() + "' has no store for record " + lsn);
    }

    @Override
    public void accept(Task task) {
        sink(task.client()).accepted(task);
    }

    @Override
    public void reject(Client client, long correlation, RejectReason reason, String message) {
        sink(client).rejected(correlation, reason, message);
    }

    @Override
    public void progress(Task task, double fraction, String note) {
        sink(task.client()).progress(task, fraction, note);
    }

    @Override
    public void complete(Task task, Outcome outcome) {
        sink(task.client()).completed(task, outcome);
    }

    private static ClientSink sink(Client client) {
        return (ClientSink) client.attachment();
    }

    @Override
    public void departed(Autopsy report) {
        Autopsy autopsy = report.withAt(Instant.now().truncatedTo(ChronoUnit.MILLIS));
        WorkerHandle handle = handle(autopsy.worker());
        handles.remove(autopsy.worker());
        server.forget(handle.token());
        if (autopsy.why() == Departure.DRAINED || autopsy.why() == Departure.RECYCLED) {
            LOG.info(
                    "worker={} state=exited pid={} reason={} exit={}",
                    autopsy.worker(),
                    autopsy.pid(),
                    autopsy.why(),
                    autopsy.exit());
        } else {
            LOG.warn(
                    "worker={} state=exited pid={} reason={} exit={} task={} lost={} detail='{}'",
                    autopsy.worker(),
                    autopsy.pid(),
                    autopsy.why(),
                    autopsy.exit(),
                    autopsy.task() == null ? "none" : autopsy.task(),
                    autopsy.account().lost(),
                    autopsy.detail());
        }
        autopsies.addFirst(autopsy);
        if (autopsies.size() > options.autopsiesMax()) {
            autopsies.removeLast();
        }
        PoolListener.WorkerExited event = new PoolListener.WorkerExited(autopsy);
        callbacks.add(() -> listener.workerExited(event));
    }

    @Override
    public List<Autopsy> autopsies() {
        return List.copyOf(autopsies);
    }

    @Override
    public void degraded(String why) {
        degraded = why;
        LOG.warn("pool={} state=degraded: {}", options.name(), why);
        PoolListener.PoolDegraded event = new PoolListener.PoolDegraded(why);
        callbacks.add(() -> listener.poolDegraded(event));
    }

    @Override
    public void recovered() {
        degraded = null;
        LOG.info("pool={} state=running: workers are replaced at their usual pace again", options.name());
        callbacks.add(listener::poolRecovered);
    }

    @Override
    public void failed(String why) {
        LOG.error("pool={} state=failed: {}", options.name(), why);
        PoolException e = new PoolException("pool '" + options.name() + "': " + why);
        callbacks.add(() -> started.completeExceptionally(e));
    }

    @Override
    public void drained() {
        LOG.info("pool={} state=stopped totals={}", options.name(), conductor.totals());
        PoolException e = new PoolException("pool '" + options.name() + "' was stopped before a worker was ready");
        callbacks.add(() -> {
            started.completeExceptionally(e);
            terminated.complete(null);
        });
    }
}
