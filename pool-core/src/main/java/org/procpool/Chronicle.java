package org.procpool;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.Totals;
import org.procpool.task.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the life of a pool and its workers to the log, the listener, and those who ask for reports. On the loop. */
final class Chronicle {

    private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

    private static final int EVENTS_MAX = 1_000;
    private static final int MISHAPS_MAX = 200;

    private final String pool;
    private final int autopsiesMax;
    private final Callbacks callbacks;
    private final PoolListener listener;
    /** Reports of dead workers, the newest first. */
    private final ArrayDeque<Autopsy> autopsies = new ArrayDeque<>();

    private final Recent<PoolEvent> events = new Recent<>(EVENTS_MAX);
    private final Recent<TaskMishap> mishaps = new Recent<>(MISHAPS_MAX);

    /** Completed when the first worker is ready; exceptionally when none can be. */
    final CompletableFuture<Void> started = new CompletableFuture<>();
    /** Completed when nothing is left running. */
    final CompletableFuture<Void> terminated = new CompletableFuture<>();

    private @Nullable String degraded;
    private @Nullable String stuck;
    private long stuckAlarms;
    /** Told how the present rolling restart ends. */
    private CompletableFuture<PoolListener.PoolRolled> roll = new CompletableFuture<>();

    Chronicle(PoolOptions options, Callbacks callbacks, PoolListener listener) {
        this.pool = options.name();
        this.autopsiesMax = options.autopsiesMax();
        this.callbacks = callbacks;
        this.listener = listener;
    }

    List<Autopsy> autopsies() {
        return List.copyOf(autopsies);
    }

    /** The life of the pool and its workers, after the event of that number. */
    Excerpt<PoolEvent> eventsAfter(long number) {
        return events.after(number);
    }

    /** Tasks that did not succeed, after the one of that number. */
    Excerpt<TaskMishap> mishapsAfter(long number) {
        return mishaps.after(number);
    }

    void ended(Task task, Outcome outcome, long nowNanos) {
        if (!outcome.succeeded()) {
            mishaps.add(TaskMishap.of(task, outcome, nowNanos));
        }
    }

    private void note(PoolEvent.Kind kind, String detail) {
        events.add(new PoolEvent(now(), kind, null, 0, null, detail));
    }

    private void note(PoolEvent.Kind kind, WorkerId worker, long pid, String detail) {
        events.add(new PoolEvent(now(), kind, worker, pid, null, detail));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Why the pool is degraded; null if it is not. */
    @Nullable
    String degraded() {
        return degraded;
    }

    /** What is wrong if tasks wait although workers are idle; null if that is not so. */
    @Nullable
    String stuck() {
        return stuck;
    }

    /** How often that has been so. */
    long stuckAlarms() {
        return stuckAlarms;
    }

    void launched(WorkerId worker, long pid) {
        WorkerLog.launched(worker, pid);
        note(PoolEvent.Kind.WORKER_STARTED, worker, pid, "");
        PoolListener.WorkerStarted event = new PoolListener.WorkerStarted(worker, pid);
        callbacks.add(() -> listener.workerStarted(event));
    }

    void ready(WorkerId worker, long pid, long bootMillis) {
        WorkerLog.ready(worker, pid, bootMillis);
        note(PoolEvent.Kind.WORKER_READY, worker, pid, "booted in " + bootMillis + " ms");
        PoolListener.WorkerReady event = new PoolListener.WorkerReady(worker, pid, bootMillis);
        callbacks.add(() -> {
            listener.workerReady(event);
            started.complete(null);
        });
    }

    void disconnected(WorkerId worker, long pid) {
        note(PoolEvent.Kind.WORKER_DISCONNECTED, worker, pid, "");
        PoolListener.WorkerDisconnected event = new PoolListener.WorkerDisconnected(worker, pid);
        callbacks.add(() -> listener.workerDisconnected(event));
    }

    void retiring(WorkerId worker, long pid, Departure why, String detail) {
        LOG.info("worker={} state=retiring pid={} reason={} detail='{}'", worker, pid, why, detail);
        PoolListener.WorkerRetiring event = new PoolListener.WorkerRetiring(worker, pid, why, detail);
        callbacks.add(() -> listener.workerRetiring(event));
    }

    void resized(int from, int to, String why) {
        LOG.info("pool={} workers={} before={}: {}", pool, to, from, why);
        note(PoolEvent.Kind.POOL_RESIZED, "from " + from + " to " + to + " workers: " + why);
        PoolListener.PoolResized event = new PoolListener.PoolResized(from, to, why);
        callbacks.add(() -> listener.poolResized(event));
    }

    void paused(boolean paused) {
        LOG.info("pool={} paused={}", pool, paused);
        callbacks.add(paused ? listener::poolPaused : listener::poolResumed);
    }

    void quarantined(String task, String why, boolean byHand) {
        LOG.warn("pool={} task={} state=quarantined: {}", pool, task, why);
        note(PoolEvent.Kind.TASK_QUARANTINED, task + ": " + why);
        PoolListener.TaskQuarantined event = new PoolListener.TaskQuarantined(task, why, byHand);
        callbacks.add(() -> listener.taskQuarantined(event));
    }

    void released(String task, String why) {
        LOG.info("pool={} task={} state=released: {}", pool, task, why);
        note(PoolEvent.Kind.TASK_RELEASED, task + ": " + why);
        PoolListener.TaskReleased event = new PoolListener.TaskReleased(task, why);
        callbacks.add(() -> listener.taskReleased(event));
    }

    /** A rolling restart begins, and somebody wants to know how it ends. */
    void rolling(CompletableFuture<PoolListener.PoolRolled> end) {
        roll = end;
    }

    void rolled(int release, @Nullable String failure) {
        if (failure == null) {
            LOG.info("pool={} release={}: all workers are of it", pool, release);
        } else {
            LOG.warn("pool={} release={} is given up, the workers stay what they were: {}", pool, release, failure);
        }
        PoolListener.PoolRolled event = new PoolListener.PoolRolled(release, failure);
        CompletableFuture<PoolListener.PoolRolled> told = roll;
        callbacks.add(() -> {
            listener.poolRolled(event);
            told.complete(event);
        });
    }

    void departed(Autopsy untimed) {
        Autopsy autopsy = untimed.withAt(now());
        WorkerLog.departed(autopsy);
        autopsies.addFirst(autopsy);
        if (autopsies.size() > autopsiesMax) {
            autopsies.removeLast();
        }
        events.add(new PoolEvent(
                now(), PoolEvent.Kind.WORKER_EXITED, autopsy.worker(), autopsy.pid(), autopsy, autopsy.detail()));
        PoolListener.WorkerExited event = new PoolListener.WorkerExited(autopsy);
        callbacks.add(() -> listener.workerExited(event));
    }

    void degraded(String why) {
        LOG.warn("pool={} state=degraded: {}", pool, why);
        degraded = why;
        note(PoolEvent.Kind.POOL_DEGRADED, why);
        PoolListener.PoolDegraded event = new PoolListener.PoolDegraded(why);
        callbacks.add(() -> listener.poolDegraded(event));
    }

    void recovered() {
        LOG.info("pool={} state=running: workers are replaced at their usual pace again", pool);
        degraded = null;
        note(PoolEvent.Kind.POOL_RECOVERED, "");
        callbacks.add(listener::poolRecovered);
    }

    void stuck(String why) {
        LOG.error("pool={} alarm=stuck: {}", pool, why);
        stuck = why;
        stuckAlarms++;
        note(PoolEvent.Kind.POOL_STUCK, why);
        PoolListener.PoolStuck event = new PoolListener.PoolStuck(why);
        callbacks.add(() -> listener.poolStuck(event));
    }

    void unstuck() {
        LOG.warn("pool={} alarm=none: tasks are handed to idle workers again", pool);
        stuck = null;
        note(PoolEvent.Kind.POOL_UNSTUCK, "");
        callbacks.add(listener::poolUnstuck);
    }

    void draining(int waiting) {
        LOG.info("pool={} state=draining waiting={}", pool, waiting);
        note(PoolEvent.Kind.POOL_DRAINING, waiting + " tasks wait");
    }

    void stopping(int waiting) {
        LOG.info("pool={} state=stopping waiting={}", pool, waiting);
        note(PoolEvent.Kind.POOL_STOPPING, waiting + " tasks wait");
    }

    void failed(String why) {
        LOG.error("pool={} state=failed: {}", pool, why);
        note(PoolEvent.Kind.POOL_FAILED, why);
        PoolException e = new PoolException("pool '" + pool + "': " + why);
        callbacks.add(() -> started.completeExceptionally(e));
    }

    void drained(Totals totals) {
        LOG.info("pool={} state=stopped totals={}", pool, totals);
        note(PoolEvent.Kind.POOL_STOPPED, "");
        PoolException e = new PoolException("pool '" + pool + "' was stopped before a worker was ready");
        callbacks.add(() -> {
            started.completeExceptionally(e);
            terminated.complete(null);
        });
    }

    void broken(Throwable cause) {
        LOG.error("pool={} state=broken: ending all workers; please report this with its stack", pool, cause);
        PoolException e = new PoolException("pool '" + pool + "' broke: " + cause, cause);
        callbacks.add(() -> {
            started.completeExceptionally(e);
            terminated.completeExceptionally(e);
        });
    }
}
