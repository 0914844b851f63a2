package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.ResultFrame;

/** A service that goes away: every client gets its last result before its socket closes. */
@ExtendWith(LeakCheck.class)
class ServerDrainTest {

    private static Path open() {
        return LeakCheck.workDirectory().resolve("open");
    }

    @Test
    void client_is_told_then_gets_its_last_result_then_the_end() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1));
                RawClient client = server.welcomed()) {
            client.submit(1, "gate", open());
            for (int i = 2; i <= 20; i++) {
                client.submit(i, "echo", i);
            }
            Eventually.until(
                    "all are accepted", () -> server.snapshot().totals().accepted() == 20);
            CompletableFuture<Void> drained = server.server().drain(Duration.ofMinutes(5));
            client.next(GoAwayFrame.class);
            client.submit(21, "echo", "too late");
            ResultFrame late = client.next(ResultFrame.class);
            assertThat(late.correlation()).isEqualTo(21);
            assertThat(late.outcome()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(late.error().type()).isEqualTo("DRAINING");
            Files.createFile(open());
            for (int i = 1; i <= 20; i++) {
                ResultFrame result = client.next(ResultFrame.class);
                assertThat(result.correlation()).isEqualTo(i);
                assertThat(result.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            client.assertEnd();
            Eventually.value(drained);
        }
    }

    @Test
    void large_last_result_arrives_whole() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1));
                RawClient client = server.welcomed()) {
            client.submit(1, "gate", open());
            client.submit(2, "big-result", 20 << 20);
            Eventually.until(
                    "both are accepted", () -> server.snapshot().totals().accepted() == 2);
            CompletableFuture<Void> drained = server.server().drain(Duration.ofMinutes(5));
            // Only then may it run: told after the result, the GoAway would be the last.
            client.next(GoAwayFrame.class);
            Files.createFile(open());
            assertThat(client.result(2).payload().size()).isEqualTo(20 << 20);
            client.assertEnd();
            Eventually.value(drained);
        }
    }

    @Test
    void client_that_comes_while_draining_is_told_at_once() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient busy = server.welcomed()) {
            busy.submit(1, "gate", open());
            Eventually.until("it is accepted", () -> server.snapshot().totals().accepted() == 1);
            server.server().drain(Duration.ofMinutes(5));
            busy.next(GoAwayFrame.class);
            try (RawClient late = server.silent()) {
                late.hello();
                late.next(GoAwayFrame.class);
            }
            Files.createFile(open());
            assertThat(busy.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        }
    }

    @Test
    void client_that_never_reads_cannot_hold_up_the_end() throws Exception {
        try (TestServer server =
                        TestServer.start(options -> options.withHandshakeTimeoutNanos(TimeUnit.SECONDS.toNanos(1)));
                RawClient greedy = server.welcomed()) {
            for (int i = 0; i < 4; i++) {
                greedy.submit(i, "big-result", 10 << 20);
            }
            // The others may be left unread: a client that does not take what it has got is given no more.
            Eventually.until(
                    "a result is there", () -> server.snapshot().totals().succeeded() > 0);
            Eventually.value(server.server().drain(Duration.ofSeconds(2)));
        }
    }

    @Test
    void drain_time_out_tells_each_client_what_became_of_its_tasks() throws Exception {
        try (TestServer server = TestServer.ofPool(
                        pool -> pool.withWorkers(1).withGraceNanos(TimeUnit.MILLISECONDS.toNanos(200)));
                RawClient client = server.welcomed()) {
            client.submit(1, "spin", "");
            client.submit(2, "echo", "");
            Eventually.until(
                    "both are accepted", () -> server.snapshot().totals().accepted() == 2);
            CompletableFuture<Void> drained = server.server().drain(Duration.ofMillis(200));
            for (int i = 0; i < 2; i++) {
                ResultFrame result = client.next(ResultFrame.class);
                assertThat(result.outcome()).isEqualTo(OutcomeKind.CANCELLED);
                assertThat(result.error().type()).isEqualTo("SHUTDOWN");
            }
            client.assertEnd();
            Eventually.value(drained);
        }
    }

    @Test
    void stop_during_drain_ends_infinite_tasks_at_once() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.submit(1, "spin", "");
            client.submit(2, "ignore-interrupt", "");
            Eventually.until(
                    "both are accepted", () -> server.snapshot().totals().accepted() == 2);
            server.server().drain(Duration.ofMinutes(5));
            Eventually.value(server.server().stop());
            assertThat(Processes.workers()).isEmpty();
            assertThat(client.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(client.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.CANCELLED);
            client.assertEnd();
        }
    }
}
