package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;

/** A crash costs the one task that was running, whatever the crash looks like. */
@ExtendWith(LeakCheck.class)
class WorkerDeathTest {

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "exit, 0, EXIT_0",
        "exit, 1, EXIT_1",
        "exit, 143, SIGTERM",
        "halt, 0, EXIT_0",
        "halt, 77, EXIT_77",
        "signal, KILL, SIGKILL",
        "signal, TERM, SIGTERM",
        "signal, ABRT, SIGABRT",
        "signal, SEGV, SIGABRT",
        "signal, INT, SIGINT",
        "kill-self, now, SIGKILL",
        "segv, now, SIGABRT",
        "leak, '', OUT_OF_MEMORY",
        "hook, now, EXIT_5",
        "close-sockets, now, SIGKILL",
        "close-control, now, SIGKILL|EXIT_4",
        "close-both, now, SIGKILL|EXIT_4",
    })
    void death_while_running_is_worker_lost_with_its_cause_and_costs_nothing_else(
            String task, String payload, String cause) throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            CompletableFuture<Outcome> dying = pool.submit(task, payload);
            CompletableFuture<Outcome> queued = pool.submit("echo", "unharmed");
            Outcome lost = Pools.outcome(dying);
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).matches(cause);
            assertThat(lost.error().message()).contains("w1.1").contains("pid " + lost.workerPid());
            assertThat(lost.attempts()).isEqualTo(1);
            assertThat(Pools.outcome(queued).payload().text()).isEqualTo("unharmed");
            assertThat(Processes.isGone(lost.workerPid())).isTrue();

            Eventually.until("the exit is told", () -> !events.exited.isEmpty());
            assertThat(events.exited).hasSize(1);
            assertThat(events.exited.get(0).why())
                    .isEqualTo(cause.equals("OUT_OF_MEMORY") ? Departure.OUT_OF_MEMORY : Departure.CRASHED);
            assertThat(events.exited.get(0).task()).isEqualTo(task);
            assertThat(events.exited.get(0).taskId()).isEqualTo(lost.taskId());
            assertThat(events.disconnected).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void death_of_an_idle_worker_costs_nothing_and_it_is_replaced() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2), events)) {
            Pools.untilIdle(pool, 2);
            long pid = Pools.worker(pool, 1).pid();
            Processes.signal(pid, "KILL");
            Eventually.until("it is replaced", () -> Pools.worker(pool, 1).id().equals(new WorkerId(1, 2)));
            Pools.untilIdle(pool, 2);
            assertThat(events.exited).singleElement().satisfies(exit -> {
                assertThat(exit.pid()).isEqualTo(pid);
                assertThat(exit.task()).isNull();
                assertThat(exit.exit().name()).isEqualTo("SIGKILL");
            });
            assertThat(Pools.worker(pool, 1).restarts()).isEqualTo(1);
            assertThat(pool.snapshot().totals().workerLost()).isZero();
        }
    }

    @Test
    void two_workers_that_die_at_once_lose_two_tasks_and_no_more() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options)) {
            List<CompletableFuture<Outcome>> running = new ArrayList<>();
            running.add(pool.submit("sleep", "5m"));
            running.add(pool.submit("sleep", "5m"));
            List<CompletableFuture<Outcome>> queued = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                queued.add(pool.submit("echo", Integer.toString(i)));
            }
            Pools.untilRunning(pool, "sleep", 2);
            long first = Pools.worker(pool, 1).pid();
            long second = Pools.worker(pool, 2).pid();
            Processes.signal(first, "KILL " + second);
            for (CompletableFuture<Outcome> task : running) {
                assertThat(Pools.outcome(task).kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            }
            for (int i = 0; i < queued.size(); i++) {
                assertThat(Pools.outcome(queued.get(i)).payload().text()).isEqualTo(Integer.toString(i));
            }
            assertThat(pool.snapshot().totals().workerLost()).isEqualTo(2);
        }
    }

    @Test
    void crash_costs_only_its_own_task_while_hundreds_wait_and_workers_keep_dying() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options)) {
            List<CompletableFuture<Outcome>> good = new ArrayList<>();
            List<CompletableFuture<Outcome>> bad = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                good.add(pool.submit("echo", Integer.toString(i)));
                if (i % 150 == 149) {
                    bad.add(pool.submit("halt", "9"));
                }
            }
            for (int i = 0; i < good.size(); i++) {
                assertThat(Pools.outcome(good.get(i)).payload().text()).isEqualTo(Integer.toString(i));
            }
            for (CompletableFuture<Outcome> crash : bad) {
                assertThat(Pools.outcome(crash).error().type()).isEqualTo("EXIT_9");
            }
            assertThat(pool.snapshot().totals().accepted())
                    .isEqualTo(pool.snapshot().totals().ended());
            assertThat(pool.snapshot().stuckAlarms()).as("alarms in a storm").isZero();
        }
    }

    @Test
    void task_that_is_safe_to_repeat_runs_again_and_says_how_often() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome repeated = Pools.outcome(
                    pool.submit(Pools.task("crash-below-attempt", 3).withMaxAttempts(3)));
            assertThat(repeated.succeeded()).isTrue();
            assertThat(repeated.payload().text()).isEqualTo("3");
            assertThat(repeated.attempts()).isEqualTo(3);
        }
    }

    @Test
    void poison_task_ends_after_its_attempts_and_the_pool_lives_on() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            Outcome lost = Pools.outcome(pool.submit(Pools.task("halt", 4).withMaxAttempts(2)));
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.attempts()).isEqualTo(2);
            assertThat(Pools.run(pool, "echo", "on").succeeded()).isTrue();
            Eventually.until("both exits are told", () -> events.exited.size() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "throw-unserializable"})
    void exception_of_any_kind_is_failed_and_the_worker_lives_on(String task) throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome failed = Pools.run(pool, task, "as planned");
            assertThat(failed.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error().type()).matches("[\\w.$]+");
            assertThat(Pools.run(pool, "pid", "").payload().text()).isEqualTo(Long.toString(failed.workerPid()));
        }
    }

    @Test
    void last_lines_that_a_task_printed_come_with_every_end_but_success() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome failed = Pools.run(pool, "print-and-throw", "the moon is made of cheese");
            assertThat(failed.error().outputTail()).isEqualTo("the moon is made of cheese");

            Outcome timedOut = Pools.outcome(
                    pool.submit(Pools.task("print-and-wait", "waiting").withRunTimeoutNanos(2_000_000_000)));
            assertThat(timedOut.kind()).isEqualTo(OutcomeKind.TIMED_OUT);
            assertThat(timedOut.error().outputTail()).isEqualTo("waiting");

            Outcome lost = Pools.run(pool, "print", "the disk is made of cheese");
            assertThat(lost.error().type()).isEqualTo("EXIT_9");
            assertThat(lost.error().outputTail())
                    .startsWith("the disk is made of cheese")
                    .endsWith("last words of " + lost.workerPid());
            assertThat(lost.error().autopsy()).contains("the moon is made of cheese");
        }
    }

    @Test
    void what_a_handler_started_dies_with_its_killed_worker() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Path file = LeakCheck.workDirectory().resolve("child");
            CompletableFuture<Outcome> running = pool.submit(Pools.task("spawn", file));
            Eventually.until("the child runs", () -> Files.exists(file));
            long child = Long.parseLong(Files.readString(file));
            assertThat(Processes.isGone(child)).isFalse();
            pool.stop();
            assertThat(Pools.outcome(running).kind()).isEqualTo(OutcomeKind.CANCELLED);
            Eventually.until("the child is gone", () -> Processes.isGone(child));
        }
    }
}
