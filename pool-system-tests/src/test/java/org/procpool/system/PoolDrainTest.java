package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;

/** The end of a pool: in order, in time, and with every child reaped. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class PoolDrainTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void drain_finishes_running_and_queued_tasks_and_every_worker_exits_with_0() throws Exception {
        Events events = new Events();
        Path open = LeakCheck.workDirectory().resolve("open");
        try (ProcessPool pool = Pools.start(options -> options, events)) {
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            tasks.add(pool.submit(Pools.task("gate", open)));
            tasks.add(pool.submit(Pools.task("gate", open)));
            for (int i = 0; i < 50; i++) {
                tasks.add(pool.submit("echo", "queued"));
            }
            Pools.untilRunning(pool, "gate", 2);
            CompletableFuture<Void> drained = pool.drain(LONG);
            Outcome late = Pools.run(pool, "echo", "too late");
            assertThat(late.kind()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(late.error().type()).isEqualTo("DRAINING");
            assertThat(drained).isNotDone();
            Files.createFile(open);
            Eventually.value(drained);
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
            assertThat(Processes.workers()).isEmpty();
        }
        assertThat(events.exited).hasSize(2).allSatisfy(exit -> {
            assertThat(exit.why()).isEqualTo(Departure.DRAINED);
            assertThat(exit.exit().code()).isZero();
        });
    }

    @Test
    void drain_time_out_cancels_what_is_left_and_says_so() throws Exception {
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(1).withGraceNanos(TimeUnit.MILLISECONDS.toNanos(200)))) {
            CompletableFuture<Outcome> spinning = pool.submit("spin", "");
            CompletableFuture<Outcome> queued = pool.submit("echo", "");
            Pools.untilRunning(pool, "spin", 1);
            Eventually.value(pool.drain(Duration.ofMillis(300)));
            assertThat(Pools.outcome(spinning).kind()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(Pools.outcome(spinning).error().type()).isEqualTo("SHUTDOWN");
            assertThat(Pools.outcome(queued).kind()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(Pools.outcome(queued).error().message()).contains("not started");
        }
    }

    @Test
    void stop_during_drain_ends_at_once_and_reaps_every_child() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options)) {
            CompletableFuture<Outcome> first = pool.submit("ignore-interrupt", "");
            CompletableFuture<Outcome> second = pool.submit("spin", "");
            Pools.untilRunning(pool, "ignore-interrupt", 1);
            Pools.untilRunning(pool, "spin", 1);
            CompletableFuture<Void> drained = pool.drain(LONG);
            Eventually.value(pool.stop());
            Eventually.value(drained);
            assertThat(Pools.outcome(first).kind()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(Pools.outcome(second).kind()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(Processes.workers()).isEmpty();
        }
    }

    @Test
    void stop_ends_a_stopped_worker_too() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Processes.signal(Pools.worker(pool, 1).pid(), "STOP");
            CompletableFuture<Outcome> task = pool.submit("echo", "");
            Eventually.value(pool.stop());
            assertThat(Pools.outcome(task).kind()).isEqualTo(OutcomeKind.CANCELLED);
        }
    }

    @Test
    void drain_ends_a_stopped_idle_worker_after_the_grace() throws Exception {
        try (ProcessPool pool =
                Pools.start(options -> options.withWorkers(1).withGraceNanos(TimeUnit.MILLISECONDS.toNanos(200)))) {
            Processes.signal(Pools.worker(pool, 1).pid(), "STOP");
            Eventually.value(pool.drain(LONG));
            assertThat(Processes.workers()).isEmpty();
        }
    }

    @Test
    void workers_that_retire_after_each_task_finish_the_queue_also_while_draining() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options, events)) {
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                tasks.add(pool.submit("retire", ""));
            }
            Eventually.value(tasks.get(0));
            Eventually.value(pool.drain(LONG));
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
            assertThat(tasks.stream().map(task -> task.join().workerPid()).distinct())
                    .hasSize(12);
        }
        assertThat(events.exited).allSatisfy(exit -> {
            assertThat(exit.why()).isIn(Departure.RECYCLED, Departure.DRAINED);
            // One that was still booting when nothing was left to do is not waited for.
            assertThat(exit.exit().name()).isIn("EXIT_0", exit.why() == Departure.DRAINED ? "SIGKILL" : "EXIT_0");
        });
    }

    @Test
    void worker_that_dies_while_draining_is_replaced_as_long_as_tasks_wait() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            CompletableFuture<Outcome> crash = pool.submit("halt", "1");
            CompletableFuture<Outcome> queued = pool.submit("echo", "still");
            Eventually.value(pool.drain(LONG));
            assertThat(Pools.outcome(crash).kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(Pools.outcome(queued).succeeded()).isTrue();
        }
    }

    @Test
    void cancel_works_while_draining() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            CompletableFuture<Outcome> running = pool.submit("sleep", "5m");
            Pools.untilRunning(pool, "sleep", 1);
            CompletableFuture<Void> drained = pool.drain(LONG);
            running.cancel(true);
            Eventually.value(drained);
        }
    }

    @Test
    void idle_pool_drains_at_once_and_twice_is_as_good_as_once() throws Exception {
        ProcessPool pool = Pools.ofOne();
        Eventually.value(pool.drain(LONG));
        Eventually.value(pool.drain(Duration.ZERO));
        pool.close();
        pool.close();
        assertThat(pool.submit("echo", "")).failsWithin(Duration.ofSeconds(Eventually.DEADLINE_SECONDS));
        assertThatThrownBy(pool::snapshot).hasMessage("pool 'test' is closed");
    }
}
