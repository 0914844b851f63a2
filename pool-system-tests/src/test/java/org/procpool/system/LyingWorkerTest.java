package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procpool.PoolException;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.system.FakeWorker.Mode;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;

/** Workers that break the protocol, or die in the middle of a frame: it costs them, and at most their own task. */
@ExtendWith(LeakCheck.class)
class LyingWorkerTest {

    private static ProcessPool pool(Mode mode, Events events) throws Exception {
        Path script = FakeWorker.script(mode);
        return Pools.start(options -> options.withWorkers(1).withJava(script), events);
    }

    @ParameterizedTest
    @EnumSource(names = {"RESULT_THEN_HALT", "RESULT_THEN_KILL"})
    void result_that_was_sent_wins_over_the_death_that_followed(Mode mode) throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(mode, events)) {
            for (int i = 1; i <= 10; i++) {
                // A worker that has finished ten tasks has proven itself, so the next one starts at once.
                for (int j = 0; j < 10; j++) {
                    assertThat(Pools.run(pool, "echo", "x").succeeded()).isTrue();
                }
                Outcome last = Pools.run(pool, "now", "result " + i);
                assertThat(last.kind()).isEqualTo(OutcomeKind.SUCCEEDED);
                assertThat(last.payload().text()).isEqualTo("result " + i);
                assertThat(last.worker()).isEqualTo(new WorkerId(1, i));
                int exits = i;
                Eventually.until("exit " + i + " is told", () -> events.exited.size() == exits);
            }
            assertThat(pool.snapshot().totals().workerLost()).isZero();
            assertThat(events.exited).allSatisfy(exit -> assertThat(exit.why()).isEqualTo(Departure.CRASHED));
        }
    }

    @Test
    void half_a_result_is_none_and_the_cause_is_the_death_and_not_a_parse_error() throws Exception {
        try (ProcessPool pool = pool(Mode.HALF_A_RESULT_THEN_HALT, new Events())) {
            Outcome lost = Pools.run(pool, "now", "x");
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().type()).isEqualTo("SIGKILL");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WRONG_DISPATCH", "GARBAGE", "OVERSIZED_FRAME"})
    void worker_that_breaks_the_protocol_is_killed_and_its_task_is_lost(Mode mode) throws Exception {
        Events events = new Events();
        try (ProcessPool pool = pool(mode, events)) {
            CompletableFuture<Outcome> hit = pool.submit("now", "x");
            CompletableFuture<Outcome> queued = pool.submit("echo", "queued");
            Outcome lost = Pools.outcome(hit);
            assertThat(lost.kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(Processes.isGone(lost.workerPid())).isTrue();
            assertThat(Pools.outcome(queued).payload().text()).isEqualTo("queued");
            Eventually.until("the exit is told", () -> !events.exited.isEmpty());
            assertThat(events.exited.get(0).why()).isEqualTo(Departure.CORRUPT);
        }
    }

    @Test
    void result_of_an_old_or_a_finished_task_is_dropped_and_counted() throws Exception {
        try (ProcessPool pool = pool(Mode.OLD_DISPATCH, new Events())) {
            assertThat(Pools.run(pool, "echo", "first").payload().text()).isEqualTo("first");
            assertThat(Pools.run(pool, "now", "second").payload().text()).isEqualTo("second");
            assertThat(Pools.run(pool, "echo", "third").payload().text()).isEqualTo("third");
            assertThat(pool.snapshot().staleMessages()).isEqualTo(2);
            assertThat(Pools.worker(pool, 1).restarts()).isZero();
        }
    }

    @Test
    void second_ready_is_a_broken_protocol() throws Exception {
        Events events = new Events();
        List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
        try (ProcessPool pool = pool(Mode.READY_TWICE, events)) {
            Eventually.until("the first is killed", () -> !events.exited.isEmpty());
            assertThat(events.exited.get(0).why()).isEqualTo(Departure.CORRUPT);
            tasks.add(pool.submit("echo", "x"));
        }
        assertThat(tasks.get(0)).isDone();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "WRONG_TOKEN",
                "WRONG_VERSION",
                "ONE_SOCKET_ONLY",
                "PROBE_UNANSWERED",
                "PROBE_CHANGED",
                "SILENT",
                "SAYS_WHY_AND_NEVER_BOOTS"
            })
    void worker_that_never_gets_ready_ends_the_start_with_the_reason(Mode mode) throws Exception {
        Path script = FakeWorker.script(mode);
        // The one whose probe must have come back is to have the time for it.
        long bootMillis = mode == Mode.PROBE_CHANGED ? 60_000 : 1_500;
        assertThatThrownBy(() -> Pools.start(options -> options.withWorkers(2)
                        .withJava(script)
                        .withBootAttempts(2)
                        .withBootTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(bootMillis))))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("no worker could be started")
                .satisfies(e -> {
                    if (mode == Mode.SAYS_WHY_AND_NEVER_BOOTS) {
                        assertThat(e).hasMessageContaining("the coffee machine is not connected");
                    }
                    if (mode == Mode.PROBE_CHANGED) {
                        assertThat(e).hasMessageContaining("its probe came back changed");
                    }
                });
    }
}
