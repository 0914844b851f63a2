package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerPongFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients that do not do their part, beside one that does. */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class ManyConnectionsTest {

    private static final Logger LOG = LoggerFactory.getLogger(ManyConnectionsTest.class);
    private static final int SILENT = 1_000;
    private static final int CALLS = 1_000;
    private static final int ROUNDS = 5;
    private static final double KEPT_RATE_MIN = 0.5;

    /**
     * Calls a second of a client with one task in flight; the best of some rounds, since the machine has other work.
     */
    private static double rate(RawClient client) throws IOException {
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                client.submit(i, "echo", "x");
                assertThat(client.result(i).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            best = Math.max(best, CALLS * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }

    private static List<RawClient> silent(TestServer server) throws IOException {
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < SILENT; i++) {
            silent.add(server.silent());
        }
        return silent;
    }

    private static void close(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void thousand_silent_connections_slow_nobody_down() throws Exception {
        try (TestServer server =
                        TestServer.start(options -> options.withHandshakeTimeoutNanos(TimeUnit.MINUTES.toNanos(5)));
                RawClient good = server.welcomed()) {
            double alone = rate(good);
            List<RawClient> silent = silent(server);
            // As often as it takes: what else the machine does slows down one rate or the other, but not for ever.
            Eventually.untilAsserted("the rate is kept", () -> {
                double crowded = rate(good);
                LOG.info("calls a second: alone={} crowded={} ratio={}", alone, crowded, crowded / alone);
                assertThat(crowded / alone).as("part of the rate that is kept").isGreaterThan(KEPT_RATE_MIN);
            });
            close(silent);
            server.assertUnharmed();
        }
    }

    @Test
    void thousand_silent_connections_are_closed_in_time_and_leave_nothing() throws Exception {
        try (TestServer server =
                        TestServer.start(options -> options.withHandshakeTimeoutNanos(TimeUnit.SECONDS.toNanos(2)));
                RawClient good = server.welcomed()) {
            server.awaitAllWorkers();
            int descriptors = Processes.descriptors().size();
            long directBytes = PlatformDependent.usedDirectMemory();
            List<RawClient> silent = silent(server);
            for (RawClient client : silent) {
                client.assertRefused("HANDSHAKE_TIMEOUT");
            }
            close(silent);
            Eventually.untilAsserted(
                    "descriptors are given back",
                    () -> assertThat(Processes.descriptors().size()).isLessThanOrEqualTo(descriptors));
            Eventually.untilAsserted(
                    "direct memory is given back",
                    () -> assertThat(PlatformDependent.usedDirectMemory())
                            .isLessThanOrEqualTo(directBytes + (16L << 20)));
            good.submit(1, "echo", "x");
            assertThat(good.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            server.assertUnharmed();
        }
    }

    private static Thread flood(RawClient client, int tasks) {
        byte[] payload = new byte[1024];
        Thread sender = new Thread(() -> {
            try {
                for (int i = 1; i <= tasks; i++) {
                    client.send(RawClient.task(i, "echo", Payload.of(payload)));
                }
            } catch (IOException e) {
                // The service or the test closed the connection, which is what this is about.
                LOG.info("the flood ended: {}", e.toString());
            }
        });
        sender.start();
        return sender;
    }

    @Test
    void client_that_never_reads_its_results_stalls_only_itself() throws Exception {
        int tasks = 100_000;
        try (TestServer server = TestServer.start();
                RawClient good = server.welcomed()) {
            long directBytes = PlatformDependent.usedDirectMemory();
            RawClient greedy = server.welcomed();
            Thread sender = flood(greedy, tasks);
            try {
                long[] seen = {-1};
                Eventually.until("nothing more is done for the client that does not read", () -> {
                    long before = seen[0];
                    for (int i = 0; i < 500; i++) {
                        good.submit(i, "echo", "x");
                        assertThat(good.result(i).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
                    }
                    seen[0] = server.snapshot().totals().succeeded();
                    return before >= 0 && seen[0] - before == 500;
                });
                assertThat(server.snapshot().totals().accepted()).isLessThan(tasks);
                assertThat(PlatformDependent.usedDirectMemory() - directBytes)
                        .as("bytes of direct memory held for it")
                        .isLessThan(64L << 20);
                // Once it reads, it gets everything.
                for (int i = 1; i <= tasks; i++) {
                    ResultFrame result = greedy.next(ResultFrame.class);
                    assertThat(result.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
                    assertThat(result.payload().size()).isEqualTo(1024);
                }
            } finally {
                greedy.close();
                sender.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
            }
            server.assertUnharmed();
        }
    }

    @Test
    void client_that_does_not_read_for_too_long_is_closed_and_its_memory_given_back() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withUnsentBytesMax(256 * 1024)
                        .withSlowClientTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(500))
                        .withHandshakeTimeoutNanos(TimeUnit.SECONDS.toNanos(1)));
                RawClient greedy = server.welcomed()) {
            Thread sender = flood(greedy, 100_000);
            sender.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
            assertThat(sender.isAlive()).as("whether it still sends").isFalse();
            Eventually.until(
                    "its tasks are cancelled or done", () -> server.snapshot().queuedTasks() == 0);
            server.assertUnharmed();
        }
    }

    @Test
    void connection_with_a_full_window_is_read_no_further_until_a_task_ends() throws Exception {
        int tasks = 60;
        try (TestServer server = TestServer.start(options -> options.withWindowTasks(3));
                RawClient client = server.welcomed();
                RawClient other = server.welcomed()) {
            // Half a megabyte each: one turn of reading does not take in many.
            byte[] payload = new byte[512 * 1024];
            Path open = LeakCheck.workDirectory().resolve("open");
            client.submit(1, "gate", open);
            client.submit(2, "gate", open);
            // Not both ahead of one worker: the other would then run what comes next, and the window would open.
            Pools.untilRunning(server.server().pool(), "gate", 2);
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 3; i <= tasks; i++) {
                        client.send(RawClient.task(i, "echo", Payload.of(payload)));
                    }
                } catch (IOException e) {
                    LOG.warn("the service did not take all tasks: {}", e.toString());
                }
            });
            sender.start();
            Eventually.until(
                    "the window is full", () -> server.snapshot().totals().accepted() >= 3);
            // Another connection is served all the while, if only with an answer: both workers are at the gate.
            for (int i = 0; i < 200; i++) {
                other.send(new ClientPingFrame(i));
                assertThat(other.next(ServerPongFrame.class).nonce()).isEqualTo(i);
            }
            assertThat(server.snapshot().totals().accepted()).isLessThan(6);
            assertThat(sender.isAlive()).as("whether the sender is held back").isTrue();
            Files.createFile(open);
            for (int i = 1; i <= tasks; i++) {
                assertThat(client.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            sender.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
        }
    }

    @Test
    void two_thousand_connections_that_come_and_go_leave_nothing() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (int round = 0; round < 20; round++) {
                List<RawClient> clients = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    RawClient client = server.welcomed();
                    client.submit(1, "echo", "x");
                    clients.add(client);
                }
                for (RawClient client : clients) {
                    assertThat(client.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
                    client.close();
                }
            }
            server.assertUnharmed();
        }
    }
}
