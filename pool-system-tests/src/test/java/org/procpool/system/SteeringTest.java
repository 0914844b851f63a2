package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolListener.PoolRolled;
import org.procpool.ProcessPool;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskRequest;
import org.procpool.conductor.WorkerLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** What an operator does to a pool while it runs, and workers that leave because they have come to a limit. */
@ExtendWith(LeakCheck.class)
class SteeringTest {

    @Test
    void caller_may_say_that_a_task_is_the_last_of_its_worker() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(0), events)) {
            String first = Pools.run(pool, "pid", "").payload().text();
            CompletableFuture<Outcome> last = pool.submit(Pools.task("pid", "").withRetiresWorker(true));
            CompletableFuture<Outcome> behind = pool.submit("pid", "");
            assertThat(Pools.outcome(last).payload().text()).isEqualTo(first);
            assertThat(Pools.outcome(behind).payload().text()).isNotEqualTo(first);

            // A failure is an end, too.
            assertThat(Pools.outcome(pool.submit(Pools.task("refuse", "no").withRetiresWorker(true)))
                            .kind())
                    .isEqualTo(OutcomeKind.FAILED);
            Eventually.untilAsserted(
                    "both are gone",
                    () -> assertThat(events.exited)
                            .extracting(exit -> exit.why())
                            .containsExactly(Departure.RECYCLED, Departure.RECYCLED));
        }
    }

    @Test
    void client_may_say_that_a_task_is_the_last_of_its_worker() throws Exception {
        try (TestServer server = TestServer.ofPool(options -> options.withWorkers(1));
                PoolClient client = server.client()) {
            TaskRequest pid = TaskRequest.of("pid", Payload.EMPTY);
            String first = Eventually.value(client.submit(pid)).payload().text();
            String last = Eventually.value(client.submit(pid.withRetiresWorker(true)))
                    .payload()
                    .text();
            assertThat(last).isEqualTo(first);
            assertThat(Eventually.value(client.submit(pid)).payload().text()).isNotEqualTo(first);
        }
    }

    @Test
    void pool_grows_pauses_resumes_and_shrinks_without_costing_a_task() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(0), events)) {
            CompletableFuture<Outcome> first = pool.submit(Pools.task("gate", open));
            CompletableFuture<Outcome> second = pool.submit(Pools.task("gate", open));
            pool.scale(2);
            Pools.untilRunning(pool, "gate", 2);
            assertThat(pool.snapshot().workersTarget()).isEqualTo(2);

            pool.pause();
            CompletableFuture<Outcome> waiting = pool.submit("pid", "");
            Files.createFile(open);
            assertThat(Pools.outcome(first).succeeded()).isTrue();
            assertThat(Pools.outcome(second).succeeded()).isTrue();
            Pools.untilIdle(pool, 2);
            assertThat(pool.snapshot().paused()).isTrue();
            assertThat(pool.snapshot().queuedTasks()).isEqualTo(1);
            pool.resume();
            assertThat(Pools.outcome(waiting).succeeded()).isTrue();

            pool.scale(1);
            Eventually.until("one has left", () -> pool.snapshot().workers().size() == 1);
            Eventually.untilAsserted(
                    "that is told",
                    () -> assertThat(events.exited)
                            .extracting(exit -> exit.why())
                            .containsExactly(Departure.SCALED_DOWN));
            assertThat(Pools.run(pool, "pid", "").succeeded()).isTrue();
            assertThatThrownBy(() -> pool.scale(0)).hasMessageContaining("workers would be 0, allowed is 1..1024");
        }
    }

    @Test
    void pool_of_one_whose_worker_leaves_after_ten_tasks_loses_none_and_always_has_somebody_serving() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(
                options -> options.withWorkers(1).withSpares(0).withLimits(WorkerLimits.NONE.withTasksMax(10)),
                events)) {
            Set<Long> pids = new HashSet<>();
            while (pids.size() < 3) {
                List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    tasks.add(pool.submit("pid", ""));
                }
                for (CompletableFuture<Outcome> task : tasks) {
                    Outcome outcome = Pools.outcome(task);
                    assertThat(outcome.succeeded()).isTrue();
                    pids.add(outcome.workerPid());
                }
                assertThat(pool.snapshot().workers())
                        .as("workers that serve")
                        .filteredOn(worker -> worker.state() == WorkerState.IDLE || worker.state() == WorkerState.BUSY)
                        .hasSize(1);
            }
            Eventually.until("the first two have left", () -> events.exited.size() >= 2);
            assertThat(events.exited).allSatisfy(exit -> {
                assertThat(exit.why()).isEqualTo(Departure.RECYCLED);
                assertThat(exit.detail()).contains("max-tasks-per-worker is 10");
            });
        }
    }

    @Test
    void rolling_restart_under_load_loses_nothing_serves_in_full_and_raises_no_alarm() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2).withSpares(1))) {
            Pools.untilIdle(pool, 2);
            CompletableFuture<PoolRolled> roll = pool.restart();
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            while (!roll.isDone() || tasks.size() < 1_000) {
                for (int i = 0; i < 100; i++) {
                    tasks.add(pool.submit("pid", ""));
                }
                assertThat(pool.snapshot().workers())
                        .as("workers that serve")
                        .filteredOn(worker -> worker.state() == WorkerState.IDLE || worker.state() == WorkerState.BUSY)
                        .hasSize(2);
                Pools.outcome(tasks.get(tasks.size() - 1));
            }
            assertThat(roll.get()).isEqualTo(new PoolRolled(2, null));
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
            assertThat(pool.snapshot().stuckAlarms()).isZero();
        }
    }

    @Test
    void one_worker_is_replaced_after_the_task_that_it_runs_and_the_other_stays() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2).withSpares(0), events)) {
            CompletableFuture<Outcome> gate = pool.submit(Pools.task("gate", open));
            Pools.untilRunning(pool, "gate", 1);
            WorkerSnapshot busy = pool.snapshot().workers().stream()
                    .filter(worker -> worker.state() == WorkerState.BUSY)
                    .findFirst()
                    .orElseThrow();

            assertThat(Eventually.value(pool.restart(busy.id().slot()))).isTrue();
            assertThat(Eventually.value(pool.restart(77))).isFalse();
            Eventually.until(
                    "it leaves",
                    () -> pool.snapshot().workers().stream()
                            .anyMatch(worker -> worker.pid() == busy.pid() && worker.state() == WorkerState.DRAINING));
            Files.createFile(open);
            assertThat(Pools.outcome(gate).workerPid()).isEqualTo(busy.pid());
            Eventually.until("it has left", () -> !events.exited.isEmpty());
            Pools.untilIdle(pool, 2);
            assertThat(events.exited).singleElement().satisfies(exit -> {
                assertThat(exit.pid()).isEqualTo(busy.pid());
                assertThat(exit.why()).isEqualTo(Departure.RECYCLED);
                assertThat(exit.detail()).contains("an operator asked for it");
            });
        }
    }
}
