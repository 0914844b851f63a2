package org.procpool.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolEvent;
import org.procpool.PoolException;
import org.procpool.PoolListener;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.Recent;
import org.procpool.TaskMishap;
import org.procpool.cgroup.GroupState;
import org.procpool.conductor.Elasticity;
import org.procpool.process.MachineMemory;
import org.procpool.process.MemoryPlan;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.SecurityOptions;
import org.procpool.task.Autopsy;
import org.procpool.task.ClientLoad;
import org.procpool.task.Departure;
import org.procpool.task.PoolState;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.RejectReason;
import org.procpool.task.Routing;
import org.procpool.task.TaskCounts;
import org.procpool.task.Totals;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** A pool that is as the test says. */
final class FakeBackend implements AdminBackend {

    final BlockingQueue<Optional<Duration>> drains = new LinkedBlockingQueue<>();
    volatile PoolState state = PoolState.RUNNING;
    volatile WorkerState workerState = WorkerState.BUSY;
    volatile @Nullable String degraded;
    volatile @Nullable String stuck;
    volatile List<Autopsy> autopsies = List.of();
    volatile List<QuarantinedTask> quarantined = List.of();
    volatile int tasksAsked;
    volatile boolean broken;
    volatile List<TaskCounts> counts = List.of();
    final Recent<PoolEvent> events = new Recent<>(10);
    final Recent<TaskMishap> mishaps = new Recent<>(10);

    /** The admin HTTP over it, without tokens but its own, on a port of the system's choice. */
    AdminServer serve(Path runDirectory) throws IOException {
        return AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                this,
                new FakeDesk(),
                runDirectory,
                Gatekeeper.open(SecurityOptions.defaults()));
    }

    @Override
    public CompletableFuture<PoolReport> report(long eventsAfter, long mishapsAfter) {
        return snapshot()
                .thenApply(pool -> new PoolReport(
                        pool,
                        System.nanoTime(),
                        counts,
                        Map.of(1, 1_500_000_000L),
                        7_000_000_000L,
                        Map.of(RejectReason.QUEUE_FULL, 3L),
                        5,
                        4,
                        6,
                        1,
                        Map.of(Departure.CRASHED, 2L),
                        events.after(eventsAfter),
                        mishaps.after(mishapsAfter)));
    }

    volatile PoolListener.PoolRolled rolled = new PoolListener.PoolRolled(2, null);
    final BlockingQueue<String> actions = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<PoolSnapshot> snapshot() {
        if (broken) {
            return CompletableFuture.failedFuture(new IllegalStateException("the loop is gone"));
        }
        WorkerSnapshot busy = new WorkerSnapshot(
                new WorkerId(1, 3), ProcessHandle.current().pid(), workerState, 1, 10, 2, 2, 101, "echo", 7);
        WorkerSnapshot none = new WorkerSnapshot(new WorkerId(2, 1), 0, WorkerState.EXITED, 0, 0, 0, 0, 0, null, 0);
        return CompletableFuture.completedFuture(new PoolSnapshot(
                "test",
                state,
                4321,
                Routing.LEAST_BUSY,
                List.of(busy, none),
                2,
                1,
                4,
                false,
                false,
                quarantined,
                List.of("echo"),
                5,
                500,
                100,
                new ClientLoad(50, 8, 1),
                new Totals(20, 10, 1, 1, 0, 1, 0, 3),
                2,
                0,
                stuck,
                stuck == null ? 0 : 1,
                degraded));
    }

    @Override
    public CompletableFuture<List<TaskView>> tasks(int max) {
        tasksAsked = max;
        return CompletableFuture.completedFuture(List.of(new TaskView(7, "say \"hi\"", "running", 1, 1, 20, 10, 4)));
    }

    @Override
    public CompletableFuture<String> threadDump(int worker) {
        return CompletableFuture.completedFuture(worker == 1 ? "main RUNNABLE" : "");
    }

    @Override
    public CompletableFuture<List<String>> explain(long taskId) {
        return CompletableFuture.completedFuture(taskId == 7 ? List.of("it runs", "it may") : List.of());
    }

    @Override
    public CompletableFuture<List<Autopsy>> autopsies() {
        return CompletableFuture.completedFuture(autopsies);
    }

    /** What the next reload comes to. */
    volatile ReloadReport reload = new ReloadReport(List.of("window"), List.of("workers"), List.of());

    @Override
    public CompletableFuture<ReloadReport> reload() {
        return CompletableFuture.completedFuture(reload);
    }

    @Override
    public MemoryPlan memory() {
        return MemoryPlan.of(new MachineMemory(1L << 30, "machine"), 100 << 20, 2, 64 << 20, List.of());
    }

    @Override
    public GroupState groups() {
        return new GroupState(1, 128 << 20, "each has one");
    }

    @Override
    public void scale(int workers) {
        Elasticity.NONE.checkScale(workers, 2, 1);
        actions.add("scale " + workers);
    }

    @Override
    public void pause(boolean paused) {
        actions.add(paused ? "pause" : "resume");
    }

    @Override
    public CompletableFuture<PoolListener.PoolRolled> restart() {
        actions.add("restart");
        return CompletableFuture.completedFuture(rolled);
    }

    @Override
    public CompletableFuture<Boolean> restart(int worker) {
        actions.add("restart " + worker);
        return CompletableFuture.completedFuture(worker == 1);
    }

    @Override
    public CompletableFuture<Void> quarantine(String task) {
        actions.add("quarantine " + task);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> release(String task) {
        actions.add("release " + task);
        return task.equals("echo")
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(new PoolException("task '" + task + "' is not in quarantine"));
    }

    @Override
    public void drain(@Nullable Duration timeout) {
        drains.add(Optional.ofNullable(timeout));
    }
}
