package org.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

@Timeout(60)
class ProcessPoolTest {

    private static ProcessPool pool(int workers) {
        return ProcessPool.builder()
                .workers(workers)
                .providers(TestHandlers.class)
                .build();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    private static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void payload_comes_back_exactly_with_worker_and_times() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (ProcessPool pool = pool(2)) {
            Outcome outcome = outcome(pool.submit("echo", all));
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(outcome.payload().bytes()).isEqualTo(all);
            assertThat(outcome.attempts()).isEqualTo(1);
            assertThat(outcome.workerPid()).isPositive();
            Outcome pid = outcome(pool.submit("pid", ""));
            assertThat(ProcessHandle.of(Long.parseLong(pid.payload().text()))).isPresent();
        }
    }

    @Test
    void typed_call_returns_typed_result() throws Exception {
        try (ProcessPool pool = pool(1)) {
            assertThat(pool.call("add", new TestHandlers.Pair(10, 20), Integer.class)
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(30);
        }
    }

    @Test
    void many_tasks_all_succeed_on_all_workers() throws Exception {
        try (ProcessPool pool = pool(2)) {
            await().until(() -> idle(pool) == 2);
            List<CompletableFuture<Outcome>> futures = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                futures.add(pool.submit("echo", Integer.toString(i)));
            }
            Set<Long> pids = new HashSet<>();
            for (int i = 0; i < futures.size(); i++) {
                Outcome outcome = outcome(futures.get(i));
                assertThat(outcome.payload().text()).isEqualTo(Integer.toString(i));
                pids.add(outcome.workerPid());
            }
            assertThat(pids).hasSize(2);
            assertThat(pool.snapshot().totals().succeeded()).isEqualTo(20_000);
        }
    }

    @Test
    void handler_that_throws_is_failed_and_its_worker_lives_on() throws Exception {
        try (ProcessPool pool = pool(1)) {
            Outcome failed = outcome(pool.submit("throw", "oh dear"));
            assertThat(failed.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error()).isNotNull();
            assertThat(failed.error().type()).isEqualTo("java.lang.IllegalStateException");
            assertThat(failed.error().message()).isEqualTo("oh dear");
            assertThat(failed.error().stack()).contains("TestHandlers");
            Outcome next = outcome(pool.submit("echo", "x"));
            assertThat(next.workerPid()).isEqualTo(failed.workerPid());
        }
    }

    @Test
    void crash_costs_one_task_and_is_named() throws Exception {
        List<Autopsy> exits = new CopyOnWriteArrayList<>();
        PoolListener listener = new PoolListener() {
            @Override
            public void workerExited(WorkerExited event) {
                exits.add(event.autopsy());
            }
        };
        try (ProcessPool pool = ProcessPool.builder()
                .workers(1)
                .providers(TestHandlers.class)
                .listener(listener)
                .build()) {
            CompletableFuture<Outcome> crashing = pool.submit("halt", "3");
            CompletableFuture<Outcome> queued = pool.submit("echo", "still here");
            Outcome lost = outcome(crashing);
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("EXIT_3");
            assertThat(outcome(queued).payload().text()).isEqualTo("still here");
            await().until(() -> exits.size() == 1);
            assertThat(exits.get(0).why()).isEqualTo(Departure.CRASHED);
            assertThat(exits.get(0).task()).isEqualTo("halt");
            assertReported(pool, lost);
        }
    }

    private static void assertReported(ProcessPool pool, Outcome lost) throws Exception {
        PoolReport report =
                pool.port().eventLoop().submit(() -> pool.port().report(0, 0)).get(10, TimeUnit.SECONDS);
        assertThat(report.events().entries())
                .extracting(PoolEvent::kind)
                .startsWith(PoolEvent.Kind.WORKER_STARTED, PoolEvent.Kind.WORKER_READY)
                .contains(PoolEvent.Kind.WORKER_EXITED);
        assertThat(report.mishaps().entries())
                .singleElement()
                .satisfies(mishap -> assertThat(mishap.taskId()).isEqualTo(lost.taskId()))
                .satisfies(mishap -> assertThat(mishap.type()).isEqualTo("EXIT_3"));
        assertThat(report.departures()).containsEntry(Departure.CRASHED, 1L);
        assertThat(report.tasks())
                .filteredOn(task -> task.name().equals("halt"))
                .singleElement()
                .satisfies(task -> assertThat(task.outcomes()).containsEntry(OutcomeKind.WORKER_LOST, 1L))
                .satisfies(task -> assertThat(task.run().count()).isEqualTo(1));
    }

    @Test
    void exit_code_0_in_mid_task_is_a_crash_too() throws Exception {
        try (ProcessPool pool = pool(1)) {
            Outcome lost = outcome(pool.submit("halt", "0"));
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("EXIT_0");
        }
    }

    @Test
    void killed_worker_is_named_by_signal_and_task_is_repeated_if_allowed() throws Exception {
        try (ProcessPool pool = pool(1)) {
            CompletableFuture<Outcome> once = pool.submit("sleep", "20000");
            killBusyWorker(pool);
            assertThat(outcome(once).error().type()).isEqualTo("SIGKILL");

            CompletableFuture<Outcome> twice =
                    pool.submit(TaskSpec.of("sleep-at-first", Payload.EMPTY).withMaxAttempts(2));
            killBusyWorker(pool);
            Outcome repeated = outcome(twice);
            assertThat(repeated.kind()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(repeated.attempts()).isEqualTo(2);
        }
    }

    private static void killBusyWorker(ProcessPool pool) {
        await().until(() -> busyWorker(pool).isPresent());
        ProcessHandle.of(busyWorker(pool).orElseThrow().pid()).orElseThrow().destroyForcibly();
    }

    private static long idle(ProcessPool pool) {
        return pool.snapshot().workers().stream()
                .filter(worker -> worker.state() == WorkerState.IDLE)
                .count();
    }

    private static Optional<WorkerSnapshot> busyWorker(ProcessPool pool) {
        return pool.snapshot().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .findFirst();
    }

    private static Outcome timedOut(ProcessPool pool, String task, String payload) throws Exception {
        Outcome outcome = outcome(pool.submit(
                TaskSpec.of(task, Payload.of(payload)).withRunTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(100))));
        assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
        return outcome;
    }

    @Test
    void run_timeout_interrupts_a_task_and_spares_the_worker_of_one_that_heeds_it() throws Exception {
        try (ProcessPool pool = ProcessPool.builder()
                .workers(1)
                .providers(TestHandlers.class)
                .grace(Duration.ofSeconds(30))
                .build()) {
            Outcome heeded = timedOut(pool, "sleep", "60000");
            assertThat(outcome(pool.submit("echo", "next")).workerPid()).isEqualTo(heeded.workerPid());
        }
    }

    @Test
    void run_timeout_kills_the_worker_of_a_task_that_does_not_heed_the_interrupt() throws Exception {
        try (ProcessPool pool = ProcessPool.builder()
                .workers(1)
                .providers(TestHandlers.class)
                .grace(Duration.ofMillis(200))
                .build()) {
            Outcome killed = timedOut(pool, "spin", "");
            assertThat(ProcessHandle.of(killed.workerPid())
                            .map(ProcessHandle::isAlive)
                            .orElse(false))
                    .isFalse();
            assertThat(outcome(pool.submit("echo", "next")).workerPid()).isNotEqualTo(killed.workerPid());
        }
    }

    @Test
    void cancelled_future_ends_the_running_task() throws Exception {
        try (ProcessPool pool = pool(1)) {
            CompletableFuture<Outcome> running = pool.submit("sleep", "20000");
            CompletableFuture<Outcome> queued = pool.submit("sleep", "20000");
            await().until(() -> busyWorker(pool).isPresent());
            assertThat(queued.cancel(true)).isTrue();
            assertThat(running.cancel(true)).isTrue();
            assertThat(outcome(pool.submit("echo", "free again")).succeeded()).isTrue();
            assertThat(pool.snapshot().totals().cancelled()).isEqualTo(2);
        }
    }

    @Test
    void unknown_task_is_rejected_with_the_nearest_name() throws Exception {
        try (ProcessPool pool = pool(1)) {
            Outcome rejected = outcome(pool.submit("ehco", "x"));
            assertThat(rejected.kind()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(rejected.error().message()).contains("ehco").contains("did you mean echo?");
        }
    }

    @Test
    void restart_that_the_pool_does_not_come_to_any_more_ends_all_the_same() throws Exception {
        List<CompletableFuture<PoolListener.PoolRolled>> restarts = new ArrayList<>();
        ProcessPool ended;
        try (ProcessPool pool = pool(1)) {
            restarts.add(pool.restart());
            restarts.add(pool.restart());
            pool.stop();
            restarts.add(pool.restart());
            ended = pool;
        }
        restarts.add(ended.restart());
        for (CompletableFuture<PoolListener.PoolRolled> restart : restarts) {
            String end = restart.handle((rolled, error) -> error == null ? "rolled: " + rolled : error.getMessage())
                    .get(30, TimeUnit.SECONDS);
            assertThat(end).containsAnyOf("is under way", "shutting down", "has ended");
        }
        assertThat(restarts.get(3)).isCompletedExceptionally();
    }

    @Test
    void pool_whose_workers_cannot_boot_says_why() {
        assertThatThrownBy(() -> ProcessPool.builder()
                        .workers(2)
                        .with(o -> o.withWorkerJvmArgs(List.of("-XX:NoSuchFlag=1")))
                        .providers(TestHandlers.class)
                        .build())
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("no worker could be started")
                .hasMessageContaining("NoSuchFlag");
    }
}
