package org.procpool;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.ClientLimits;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.Task;
import org.procpool.conductor.Waiting;
import org.procpool.link.Turn;
import org.procpool.link.WorkerServer;
import org.procpool.proto.OnDisconnect;
import org.procpool.spool.Spool;
import org.procpool.task.Autopsy;
import org.procpool.task.ClientLoad;
import org.procpool.task.PoolState;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ties the rooms together on one event loop: hands what processes, sockets and clients say to the conductor, and
 * carries out what it wants. Everything but {@link #post} and {@link #eventLoop} is called on the loop.
 */
final class PoolLoop implements PoolPort {

    private static final Logger LOG = LoggerFactory.getLogger(PoolLoop.class);
    /** Task ids: a random number per pool in front of a counter, so that no two pools ever give out the same. */
    private static final int ID_COUNTER_BITS = 44;

    private static final int ID_POOL_BITS = 19;
    private final PoolOptions options;
    private final @Nullable Spool spool;
    private final EventLoop eventLoop;
    private final Callbacks callbacks;
    private final Chronicle chronicle;
    private final Turn turn = new Turn();
    private final Crew crew;
    private final Conductor conductor;
    private final long startedNanos;
    private final Runnable endOfTurn = this::endDueTurn;

    private long turnNanos;
    private boolean inTurn;
    private boolean endIsDue;
    private @Nullable ScheduledFuture<?> wakeUp;
    private long wakeUpNanos = Long.MAX_VALUE;
    private boolean broken;

    PoolLoop(Foundation foundation, EventLoop eventLoop, Callbacks callbacks, PoolListener listener) {
        this.options = foundation.options();
        this.spool = foundation.spool();
        this.eventLoop = eventLoop;
        this.callbacks = callbacks;
        this.chronicle = new Chronicle(options, callbacks, listener);
        this.startedNanos = System.nanoTime();
        SecureRandom random = new SecureRandom();
        this.crew = new Crew(foundation, this, chronicle, random);
        this.conductor = new Conductor(options.conductor(), crew, random.nextLong(), firstTaskId(random), startedNanos);
        crew.serve(conductor);
    }

    private static long firstTaskId(SecureRandom random) {
        return (1L + random.nextInt(1 << ID_POOL_BITS)) << ID_COUNTER_BITS;
    }

    CompletableFuture<Void> started() {
        return chronicle.started;
    }

    CompletableFuture<Void> terminated() {
        return chronicle.terminated;
    }

    WorkerServer server() {
        return crew.server();
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
    public @Nullable Spool spool() {
        return spool;
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
        while (crew.look()) {
            next = conductor.onTick(nowNanos());
        }
        next = Math.min(next, turn.end(nowNanos()));
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

    /**
     * Runs the work as a turn of its own, later; not at all once the loop has ended. Any thread.
     *
     * @return false if it has ended
     */
    boolean post(Runnable work) {
        return execute(() -> runTurn(work));
    }

    private boolean execute(Runnable work) {
        try {
            eventLoop.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("pool={} has ended; nothing is done any more", options.name());
            return false;
        }
    }

    /**
     * As {@link #post(Runnable)}, for somebody who waits.
     *
     * @param otherwise is done, on any thread, if the pool has ended or broken before or within the work
     */
    void post(Runnable work, Runnable otherwise) {
        boolean lives = execute(() -> {
            runTurn(work);
            if (broken) {
                otherwise.run();
            }
        });
        if (!lives) {
            otherwise.run();
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
        if (broken || cause instanceof InternalError && crew.aPageIsCorrupt()) {
            return;
        }
        broken = true;
        crew.killAll();
        chronicle.broken(cause);
        callbacks.flush();
    }

    // ---- for clients

    @Override
    public Client open(OnDisconnect onDisconnect, ClientSink sink, @Nullable Client sibling) {
        return conductor.onClientOpened(onDisconnect, sink, sibling);
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
    public List<String> explain(long taskId) {
        return conductor.levers().explain(taskId, nowNanos());
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
        return snapshot(conductor.waiting(nowNanos()));
    }

    private PoolSnapshot snapshot(Waiting waiting) {
        ClientLimits clients = conductor.levers().limits().clients();
        Elasticity bounds = options.elasticity();
        return new PoolSnapshot(
                options.name(),
                conductor.state(),
                (nowNanos() - startedNanos) / 1_000_000,
                options.routing(),
                conductor.workers(),
                conductor.levers().target(),
                bounds.isOn()
                        ? bounds.least(options.workers())
                        : conductor.levers().target(),
                bounds.isOn()
                        ? bounds.most(options.workers())
                        : conductor.levers().target(),
                conductor.levers().paused(),
                conductor.levers().rolling(),
                conductor.levers().quarantined(nowNanos()),
                conductor.taskNames(),
                waiting.tasks(),
                waiting.bytes(),
                conductor.levers().limits().queueTasksMax(),
                new ClientLoad(clients.queuedTasksMax(), clients.inFlightTasksMax(), waiting.fullClients()),
                conductor.counters().totals(),
                conductor.counters().restarts(),
                conductor.counters().staleMessages(),
                chronicle.stuck(),
                chronicle.stuckAlarms(),
                chronicle.degraded());
    }

    @Override
    public PoolReport report(long eventsAfter, long mishapsAfter) {
        Waiting waiting = conductor.waiting(nowNanos());
        PoolSnapshot pool = snapshot(waiting);
        Map<Integer, Long> running = new TreeMap<>();
        for (WorkerSnapshot worker : pool.workers()) {
            Task task = worker.taskId() == 0 ? null : conductor.task(worker.taskId());
            if (task != null && task.started()) {
                running.put(worker.id().slot(), nowNanos() - task.startedNanos());
            }
        }
        return new PoolReport(
                pool,
                nowNanos(),
                conductor.counters().tasks(),
                running,
                waiting.oldestNanos(),
                conductor.counters().rejections(),
                conductor.counters().failuresRepeated(),
                conductor.counters().lossesRepeated(),
                conductor.counters().keyedAtHome(),
                conductor.counters().keyedElsewhere(),
                conductor.counters().departures(),
                chronicle.eventsAfter(eventsAfter),
                chronicle.mishapsAfter(mishapsAfter));
    }

    @Override
    public void limit(PoolOptions value) {
        conductor.levers().onQueueLimits(value.queueTasksMax(), value.queueBytesMax());
        conductor.levers().onRunLimits(value.runTimeoutNanos(), value.graceNanos());
        conductor.levers().onClientLimits(value.clients(), nowNanos());
    }

    @Override
    public CompletableFuture<String> threadDump(int worker) {
        return conductor.workers().stream()
                .filter(one -> one.id().slot() == worker)
                .map(one -> crew.known(one.id()))
                .filter(Objects::nonNull)
                .findFirst()
                .map(WorkerHandle::threads)
                .orElseGet(() -> CompletableFuture.completedFuture(""));
    }

    @Override
    public List<Autopsy> autopsies() {
        return chronicle.autopsies();
    }

    // ---- life

    void start() {
        conductor.onStart(nowNanos());
    }

    void scale(int workers) {
        conductor.levers().onScale(workers, nowNanos());
    }

    void pause(boolean paused) {
        if (paused) {
            conductor.levers().onPause(nowNanos());
        } else {
            conductor.levers().onUnpause(nowNanos());
        }
    }

    boolean replace(int worker) {
        return conductor.levers().onReplace(worker, nowNanos());
    }

    /** Why not; null if it is done. */
    @Nullable
    String quarantine(String task) {
        return conductor.levers().onQuarantine(task, nowNanos());
    }

    /** False if it was not held back. */
    boolean release(String task) {
        return conductor.levers().onRelease(task, nowNanos());
    }

    /** Replaces the workers by such with those handlers; a higher release than any before. */
    void roll(int release, List<Path> handlers, CompletableFuture<PoolListener.PoolRolled> end) {
        if (conductor.levers().rolling()) {
            end.completeExceptionally(new PoolException(
                    "pool '" + options.name() + "': a rolling restart is under way; wait until it has ended"));
            return;
        }
        crew.releases().add(release, handlers);
        chronicle.rolling(end);
        if (!conductor.levers().onRoll(release, nowNanos())) {
            end.completeExceptionally(new PoolException("pool '" + options.name() + "' is shutting down"));
        }
    }

    void drain(long timeoutNanos) {
        if (conductor.state() == PoolState.RUNNING || conductor.state() == PoolState.STARTING) {
            chronicle.draining(conductor.waiting(nowNanos()).tasks());
        }
        conductor.onDrain(timeoutNanos, nowNanos());
    }

    void stop() {
        chronicle.stopping(conductor.waiting(nowNanos()).tasks());
        conductor.onStop(nowNanos());
    }
}
