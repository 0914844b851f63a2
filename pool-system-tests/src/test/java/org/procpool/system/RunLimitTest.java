package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** Tasks that run too long, or that somebody ends: interrupt first, then the worker's death. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class RunLimitTest {

    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static TaskSpec limited(String task, Object payload) {
        return Pools.task(task, payload).withRunTimeoutNanos(SHORT_NANOS);
    }

    private static ProcessPool pool(Events events) {
        return Pools.start(options -> options.withWorkers(1).withGraceNanos(SHORT_NANOS), events);
    }

    @Test
    void task_past_its_limit_that_heeds_the_interrupt_is_timed_out_and_its_worker_lives_on() throws Exception {
        Events events = new Events();
        // The grace is long: the interrupt alone must do it.
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            Outcome outcome = Pools.outcome(pool.submit(limited("sleep", "5m")));
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(outcome.error().type()).isEqualTo("RUN_TIMEOUT");
            assertThat(outcome.error().message()).contains("150ms").contains("heeded the interrupt");
            assertThat(outcome.runNanos()).isGreaterThanOrEqualTo(SHORT_NANOS);
            assertThat(Pools.run(pool, "pid", "").payload().text()).isEqualTo(Long.toString(outcome.workerPid()));
            assertThat(events.exited).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ignore-interrupt", "spin", "spin-counted", "stop-self"})
    void task_past_its_limit_that_ignores_the_interrupt_is_timed_out_and_its_worker_killed(String task)
            throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(events)) {
            // Long enough for the handler to have begun, or it would be stopped before that, at no cost.
            CompletableFuture<Outcome> hanging =
                    pool.submit(Pools.task(task, "x").withRunTimeoutNanos(TimeUnit.SECONDS.toNanos(1)));
            CompletableFuture<Outcome> queued = pool.submit("echo", "next");
            Outcome outcome = Pools.outcome(hanging);
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(outcome.error().message()).contains("did not heed the interrupt");
            assertThat(Processes.isGone(outcome.workerPid())).isTrue();
            assertThat(Pools.outcome(queued).succeeded()).isTrue();
            Eventually.until("the exit is told", () -> !events.exited.isEmpty());
            assertThat(events.exited.get(0).why()).isEqualTo(Departure.TIMED_OUT);
        }
    }

    @Test
    void limit_counts_from_the_start_of_the_task_and_not_from_its_submission() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        long limitNanos = TimeUnit.SECONDS.toNanos(1);
        try (ProcessPool pool = pool(new Events())) {
            CompletableFuture<Outcome> first = pool.submit(Pools.task("gate", open));
            CompletableFuture<Outcome> waiting =
                    pool.submit(Pools.task("echo", "patient").withRunTimeoutNanos(limitNanos));
            Pools.untilRunning(pool, "gate", 1);
            long submitted = System.nanoTime();
            Eventually.until("the limit would be over", () -> System.nanoTime() - submitted > 3 * limitNanos / 2);
            Files.createFile(open);
            assertThat(Pools.outcome(first).succeeded()).isTrue();
            Outcome outcome = Pools.outcome(waiting);
            assertThat(outcome.succeeded()).isTrue();
            assertThat(outcome.queuedNanos()).isGreaterThan(limitNanos);
        }
    }

    @Test
    void pool_default_limit_holds_for_tasks_without_one_of_their_own() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withRunTimeoutNanos(SHORT_NANOS))) {
            assertThat(Pools.run(pool, "sleep", "5m").kind()).isEqualTo(OutcomeKind.TIMED_OUT);
        }
    }

    @Test
    void timed_out_task_is_not_repeated_even_if_it_may_be() throws Exception {
        try (ProcessPool pool = pool(new Events())) {
            Outcome outcome = Pools.outcome(pool.submit(limited("spin", "").withMaxAttempts(5)));
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(outcome.attempts()).isEqualTo(1);
        }
    }

    @Test
    void idle_worker_is_not_killed_by_the_limit_of_a_task_it_has_finished() throws Exception {
        Events events = new Events();
        // With a grace that is long: whoever is interrupted is to have the time to heed it.
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            for (int i = 0; i < 300; i++) {
                assertThat(Pools.outcome(pool.submit(
                                        Pools.task("echo", i).withRunTimeoutNanos(TimeUnit.SECONDS.toNanos(60))))
                                .succeeded())
                        .isTrue();
            }
            // Some of these end within a hair's breadth of their limit; whichever wins, no bystander is hit.
            for (int i = 0; i < 40; i++) {
                Outcome close = Pools.outcome(
                        pool.submit(Pools.task("sleep", "5ms").withRunTimeoutNanos(5_000_000L + 20_000L * i)));
                assertThat(close.kind()).isIn(OutcomeKind.SUCCEEDED, OutcomeKind.TIMED_OUT);
                assertThat(Pools.run(pool, "echo", "bystander").succeeded()).isTrue();
            }
            assertThat(events.exited).isEmpty();
        }
    }

    @Test
    void cancelled_queued_task_never_runs() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        Path mark = LeakCheck.workDirectory().resolve("mark");
        try (ProcessPool pool = Pools.ofOne()) {
            CompletableFuture<Outcome> first = pool.submit(Pools.task("gate", open));
            CompletableFuture<Outcome> queued = pool.submit(Pools.task("gate-file", open + ":" + mark));
            CompletableFuture<Outcome> last = pool.submit("echo", "last");
            Eventually.until("two wait", () -> pool.snapshot().queuedTasks() == 2);
            assertThat(queued.cancel(true)).isTrue();
            Eventually.until("it is cancelled", () -> pool.snapshot().totals().cancelled() == 1);
            Files.createFile(open);
            assertThat(Pools.outcome(first).succeeded()).isTrue();
            assertThat(Pools.outcome(last).succeeded()).isTrue();
            assertThat(mark).doesNotExist();
        }
    }

    @Test
    void cancelled_running_task_that_ignores_it_costs_its_worker_only() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(events)) {
            Path started = LeakCheck.workDirectory().resolve("started");
            CompletableFuture<Outcome> running = pool.submit("mark-and-ignore", started.toString());
            // A cancel that comes before the handler has begun costs no worker.
            Eventually.until("it runs", () -> Files.exists(started));
            CompletableFuture<Outcome> queued = pool.submit("echo", "next");
            running.cancel(true);
            assertThat(Pools.outcome(queued).succeeded()).isTrue();
            Eventually.until("the exit is told", () -> !events.exited.isEmpty());
            assertThat(events.exited.get(0).why()).isEqualTo(Departure.CANCELLED);
            assertThat(Processes.isGone(events.exited.get(0).pid())).isTrue();
            assertThat(pool.snapshot().totals().cancelled()).isEqualTo(1);
        }
    }

    @Test
    void interrupt_of_a_cancelled_task_does_not_reach_the_next_one() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            String pid = Pools.run(pool, "pid", "").payload().text();
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Outcome> running = pool.submit("sleep", "5m");
                Pools.untilRunning(pool, "sleep", 1);
                running.cancel(true);
                Outcome next = Pools.run(pool, "sleep", "1ms");
                assertThat(next.succeeded()).isTrue();
                assertThat(Long.toString(next.workerPid())).isEqualTo(pid);
            }
        }
    }
}
