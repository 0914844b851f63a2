package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolListener;
import org.procpool.ProcessPool;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;
import org.procpool.task.Outcome;
import org.procpool.task.PoolState;
import org.procpool.task.TaskSpec;

/** Tasks that kill worker after worker, and what that costs the others. */
@ExtendWith(LeakCheck.class)
class QuarantineTest {

    /** Who is held back, and who is let through again. */
    private static final class Told implements PoolListener {

        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void taskQuarantined(TaskQuarantined event) {
            events.add(event.task() + (event.byHand() ? " held by hand" : " held"));
        }

        @Override
        public void taskReleased(TaskReleased event) {
            events.add(event.task() + " released");
        }
    }

    @Test
    void task_that_kills_worker_after_worker_is_held_back_and_the_others_go_on() throws Exception {
        Path ill = Files.createFile(LeakCheck.workDirectory().resolve("ill"));
        Told told = new Told();
        long second = TimeUnit.SECONDS.toNanos(1);
        try (ProcessPool pool = Pools.start(
                options ->
                        options.withWorkers(2).withRestartsMax(10).withPoison(new PoisonLimits(3, 60 * second, second)),
                told)) {
            // Without the quarantine this one alone would use up the budget of restarts.
            TaskSpec poison =
                    TaskSpec.of("halt-while", Payload.of(ill.toString())).withMaxAttempts(100);
            List<CompletableFuture<Outcome>> many = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 20; i++) {
                many.add(pool.submit(poison));
            }
            for (CompletableFuture<Outcome> each : many) {
                assertThat(Pools.outcome(each).kind()).isIn(OutcomeKind.WORKER_LOST, OutcomeKind.CANCELLED);
            }
            assertThat(many)
                    .anySatisfy(each -> assertThat(each.join().error().message())
                            .contains("tasks 'halt-while' are in quarantine: 3 workers died while running it"));

            assertThat(Pools.run(pool, "echo", "hello").succeeded()).isTrue();
            assertThat(pool.snapshot().state()).isEqualTo(PoolState.RUNNING);
            assertThat(pool.snapshot().quarantined())
                    .singleElement()
                    .satisfies(held -> assertThat(held.task()).isEqualTo("halt-while"));

            Files.delete(ill);
            Eventually.until(
                    "one is tried, and all are let through",
                    () -> Pools.outcome(pool.submit(poison)).succeeded()
                            && pool.snapshot().quarantined().isEmpty());
            Eventually.until("the listener hears of it", () -> told.events.size() == 2);
            assertThat(told.events).containsExactly("halt-while held", "halt-while released");
        }
    }

    @Test
    void task_is_held_back_by_hand_what_runs_goes_on_and_what_waits_is_ended() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withSpares(0))) {
            CompletableFuture<Outcome> running = pool.submit(Pools.task("gate", open));
            Pools.untilRunning(pool, "gate", 1);
            CompletableFuture<Outcome> waiting = pool.submit(Pools.task("gate", open));
            CompletableFuture<Outcome> other = pool.submit("pid", "");
            Eventually.value(pool.quarantine().add("gate"));
            assertThat(Pools.outcome(waiting)).satisfies(outcome -> {
                assertThat(outcome.kind()).isEqualTo(OutcomeKind.CANCELLED);
                assertThat(outcome.error().type()).isEqualTo("QUARANTINED");
            });
            assertThat(Pools.run(pool, "gate", open).error().type()).isEqualTo("QUARANTINED");
            Files.createFile(open);
            assertThat(Pools.outcome(running).succeeded()).isTrue();
            assertThat(Pools.outcome(other).succeeded()).isTrue();
            Eventually.value(pool.quarantine().release("gate"));
            assertThat(Pools.run(pool, "gate", open).succeeded()).isTrue();
            assertThatThrownBy(() -> Eventually.value(pool.quarantine().release("gate")))
                    .hasMessageContaining("task 'gate' is not in quarantine");
            assertThatThrownBy(() -> Eventually.value(pool.quarantine().add("gat")))
                    .hasMessageContaining("no worker knows the task 'gat'; did you mean gate?");
        }
    }

    @Test
    void command_lists_holds_back_and_releases() throws Exception {
        try (Service service = Service.start("--workers", "1", "--poison-after", "2")) {
            assertThat(service.run("quarantine").output()).isEqualTo("no task is in quarantine");
            service.run("submit", "halt", "--text", "3");
            service.run("submit", "halt", "--text", "3");
            Ended refused = service.run("submit", "halt", "--text", "3");
            assertThat(refused.exitCode()).isEqualTo(5);
            assertThat(refused.errors()).contains("REJECTED", "2 workers died while running it within 1m (EXIT_3 ×2)");
            assertThat(service.run("quarantine", "--list").output())
                    .contains("task 'halt' is in quarantine since", "the next is tried in", "EXIT_3 ×2");
            assertThat(service.run("quarantine", "--list", "--json").output()).contains("\"task\":\"halt\"");
            assertThat(service.run("status").output()).contains("HELD     task 'halt' is in quarantine");
            assertThat(service.run("submit", "echo", "--text", "hello").output())
                    .isEqualTo("hello");
            String directory = LeakCheck.runDirectory().toString();
            assertThat(service.run("quarantine", "--release", "halt", "--run-dir", directory)
                            .exitCode())
                    .isZero();
            assertThat(service.run("quarantine", "echo", "--run-dir", directory).exitCode())
                    .isZero();
            assertThat(service.run("quarantine").output()).contains("until it is released): an operator said so");
            assertThat(service.run("submit", "echo", "--text", "hello").exitCode())
                    .isEqualTo(5);
            assertThat(service.run("quarantine", "ehco", "--run-dir", directory).errors())
                    .contains("did you mean echo");
            assertThat(service.run("quarantine", "--list", "echo").exitCode()).isEqualTo(2);
            assertThat(service.run("events").output())
                    .contains("task quarantined: halt: 2 workers died", "task released: halt: an operator said so");
            assertThat(service.terminate()).isZero();
        }
    }
}
