package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolListener;
import org.procpool.PoolSnapshot;
import org.procpool.ProcessPool;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerState;

/** Who takes the place of a dead worker, and how fast places are filled again. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class SparesTest {

    private static void untilSpare(ProcessPool pool, int slot) {
        Eventually.until(
                "there is a spare in place " + slot,
                () -> Pools.worker(pool, slot).state() == WorkerState.SPARE);
    }

    @Test
    void task_behind_a_crash_runs_on_the_spare_that_was_there_before() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(1))) {
            int serving = 1;
            for (int crash = 0; crash < 4; crash++) {
                int spare = 3 - serving;
                untilSpare(pool, spare);
                long sparePid = Pools.worker(pool, spare).pid();
                CompletableFuture<Outcome> sleeping = pool.submit("sleep", "5m");
                Pools.untilRunning(pool, "sleep", 1);
                CompletableFuture<Outcome> queued = pool.submit("pid", "");
                Processes.signal(Pools.worker(pool, serving).pid(), "KILL");
                assertThat(Pools.outcome(queued).payload().text()).isEqualTo(Long.toString(sparePid));
                assertThat(Pools.outcome(sleeping).kind()).isEqualTo(OutcomeKind.WORKER_LOST);
                serving = spare;
            }
        }
    }

    @Test
    void spare_serves_nobody_while_all_places_are_taken() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(1))) {
            untilSpare(pool, 2);
            long serving = Pools.worker(pool, 1).pid();
            CompletableFuture<Outcome> gate = pool.submit(Pools.task("gate", open));
            Pools.untilRunning(pool, "gate", 1);
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                tasks.add(pool.submit("pid", ""));
            }
            Eventually.until("all wait", () -> pool.snapshot().queuedTasks() == 50);
            assertThat(Pools.worker(pool, 2).state()).isEqualTo(WorkerState.SPARE);
            Files.createFile(open);
            assertThat(Pools.outcome(gate).succeeded()).isTrue();
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).workerPid()).isEqualTo(serving);
            }
        }
    }

    @Test
    void spare_that_dies_is_replaced_and_costs_nothing() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(1))) {
            untilSpare(pool, 2);
            long pid = Pools.worker(pool, 2).pid();
            Processes.signal(pid, "KILL");
            Eventually.until("it is gone", () -> Processes.isGone(pid));
            Eventually.until("it is replaced", () -> Pools.worker(pool, 2).id().generation() == 2);
            untilSpare(pool, 2);
            assertThat(pool.snapshot().totals().workerLost()).isZero();
            assertThat(Pools.worker(pool, 1).restarts()).isZero();
        }
    }

    @Test
    void pool_with_a_spare_drains_without_a_trace() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(2), events)) {
            untilSpare(pool, 2);
            untilSpare(pool, 3);
        }
        assertThat(events.exited)
                .hasSize(3)
                .allSatisfy(exit -> assertThat(exit.exit().code()).isZero());
    }

    // ---- pace

    /** When processes were started, and when the pool was degraded and recovered. */
    private static final class Pace implements PoolListener {

        final List<Long> startedNanos = new CopyOnWriteArrayList<>();
        final List<String> degraded = new CopyOnWriteArrayList<>();
        final List<Long> recoveredNanos = new CopyOnWriteArrayList<>();

        @Override
        public void workerStarted(WorkerStarted event) {
            startedNanos.add(System.nanoTime());
        }

        @Override
        public void poolDegraded(PoolDegraded event) {
            degraded.add(event.why());
        }

        @Override
        public void poolRecovered() {
            recoveredNanos.add(System.nanoTime());
        }
    }

    @Test
    void restart_storm_stays_within_its_budget_and_the_pool_recovers_by_itself() throws Exception {
        int restartsMax = 4;
        long window = TimeUnit.SECONDS.toNanos(4);
        // Between the decision and the event lies the start of a process.
        long tolerance = window / 4;
        Path ill = Files.createFile(LeakCheck.workDirectory().resolve("ill"));
        Pace pace = new Pace();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1)
                        .withSpares(1)
                        .withRestartsMax(restartsMax)
                        .withPoison(PoisonLimits.DEFAULT.withDeaths(0))
                        .withRestartWindowNanos(window),
                pace)) {
            List<CompletableFuture<Outcome>> storm = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                storm.add(pool.submit("halt-while", ill.toString()));
            }
            Eventually.until("the pool is degraded", () -> pool.snapshot().state() == PoolState.DEGRADED);
            PoolSnapshot degraded = pool.snapshot();
            assertThat(degraded.degraded())
                    .contains(Integer.toString(restartsMax))
                    .contains("4s");
            Eventually.until("the listener hears of it", () -> !pace.degraded.isEmpty());
            assertThat(pace.degraded).containsExactly(degraded.degraded());
            Eventually.until("the storm has gone on for a while", () -> pace.startedNanos.size() > 2 + restartsMax + 2);

            CompletableFuture<Outcome> late = pool.submit("echo", "late");
            assertThat(Pools.run(pool, "no-such-task", "").kind()).isEqualTo(OutcomeKind.REJECTED);
            Files.delete(ill);
            Eventually.until("it recovers", () -> pool.snapshot().state() == PoolState.RUNNING);
            assertThat(pool.snapshot().degraded()).isNull();
            Eventually.until("the listener hears of it", () -> !pace.recoveredNanos.isEmpty());
            assertThat(Pools.outcome(late).succeeded()).isTrue();
            for (CompletableFuture<Outcome> task : storm) {
                assertThat(Pools.outcome(task).kind()).isIn(OutcomeKind.WORKER_LOST, OutcomeKind.SUCCEEDED);
            }
            assertThat(Pools.outcome(storm.get(99)).succeeded()).isTrue();
        }
        // The first of each place are no restarts.
        List<Long> restarts = pace.startedNanos.subList(2, pace.startedNanos.size());
        for (int i = restartsMax; i < restarts.size(); i++) {
            assertThat(restarts.get(i) - restarts.get(i - restartsMax))
                    .as("nanoseconds that %d restarts took, up to number %d", restartsMax + 1, i + 1)
                    .isGreaterThan(window - tolerance);
        }
    }
}
