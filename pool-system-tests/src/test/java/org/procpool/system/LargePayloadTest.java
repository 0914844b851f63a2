package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.ProcessPool;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.spool.SpoolOptions;
import org.procpool.task.Outcome;

/** Payloads that lie in files on their way. */
@ExtendWith(LeakCheck.class)
class LargePayloadTest {

    private static final int LARGE_BYTES = 24 << 20;

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static TestServer serve(long memoryBytesMax) {
        return TestServer.ofPool(options ->
                options.withWorkers(2).withSpool(new SpoolOptions(SpoolOptions.DEFAULT.fromBytes(), memoryBytesMax)));
    }

    static List<Path> spooled() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path base : List.of(LeakCheck.memoryDirectory(), LeakCheck.runDirectory())) {
            try (Stream<Path> all = Files.walk(base)) {
                all.filter(path -> path.getParent().endsWith("spool")).forEach(files::add);
            }
        }
        return files;
    }

    static void assertNothingIsSpooled() {
        Eventually.untilAsserted(
                "the spool is empty", () -> assertThat(spooled()).isEmpty());
    }

    /** With next to no memory allowed all of it goes over a disk. */
    @ParameterizedTest
    @ValueSource(longs = {256L << 20, 1})
    void payloads_of_any_size_come_back_exactly_and_leave_nothing(long memoryBytesMax) throws Exception {
        try (TestServer server = serve(memoryBytesMax);
                PoolClient client = server.client()) {
            List<byte[]> sent = new ArrayList<>();
            List<CompletableFuture<TaskResult>> results = new ArrayList<>();
            for (int size : new int[] {LARGE_BYTES, 262_143, 262_144, 262_145, 100, LARGE_BYTES + 1, 3 << 20}) {
                sent.add(random(size, size));
                results.add(client.submit("reverse", Payload.of(sent.get(sent.size() - 1))));
            }
            for (int i = 0; i < sent.size(); i++) {
                byte[] back = Eventually.value(results.get(i)).payload().bytes();
                byte[] expected = new byte[back.length];
                for (int j = 0; j < expected.length; j++) {
                    expected[j] = sent.get(i)[back.length - 1 - j];
                }
                assertThat(Arrays.equals(back, expected))
                        .as("%d bytes", sent.get(i).length)
                        .isTrue();
            }
            assertNothingIsSpooled();
            server.assertUnharmed();
        }
    }

    @Test
    void nothing_is_left_after_any_end_of_a_task_its_worker_or_its_client() throws Exception {
        try (TestServer server = serve(256L << 20)) {
            Payload large = Payload.of(random(LARGE_BYTES, 1));
            try (PoolClient client = server.client()) {
                TaskResult refused = Eventually.value(client.submit("refuse", large));
                assertThat(refused.error().message()).isEqualTo(LARGE_BYTES + " bytes are not for me");
                assertThat(Eventually.value(client.submit("no-such-task", large))
                                .outcome())
                        .isEqualTo(OutcomeKind.REJECTED);
                assertThat(Eventually.value(client.submit("kill-self", large)).outcome())
                        .isEqualTo(OutcomeKind.WORKER_LOST);
            }
            assertNothingIsSpooled();
            try (RawClient half = server.welcomed()) {
                byte[] whole = RawClient.bytes(RawClient.task(1, "echo", large));
                half.send(Arrays.copyOf(whole, whole.length / 2));
                Eventually.until("it is being spooled", () -> !spooled().isEmpty());
                half.reset();
            }
            assertNothingIsSpooled();
            try (RawClient deaf = server.welcomed()) {
                deaf.send(RawClient.bytes(RawClient.task(1, "echo", large)));
                Eventually.until(
                        "its result is there", () -> server.snapshot().totals().succeeded() > 0);
                deaf.reset();
            }
            assertNothingIsSpooled();
            server.assertUnharmed();
        }
    }

    @Test
    void what_a_killed_supervisor_has_spooled_goes_at_the_next_start() throws Exception {
        try (Program supervisor =
                Program.start(SupervisorMain.command(1, "stop-self", SupervisorMain.zeros(LARGE_BYTES), 0))) {
            assertThat(SupervisorMain.workers(supervisor)).hasSize(1);
            assertThat(spooled()).hasSize(1);
            supervisor.signal("KILL");
            supervisor.exitCode();
            assertThat(spooled()).hasSize(1);
        }
        Pools.ofOne().close();
        assertThat(spooled()).isEmpty();
    }

    @Test
    void results_of_the_library_stay_readable_and_their_memory_has_no_name() throws Exception {
        byte[] large = random(LARGE_BYTES, 2);
        Outcome outcome;
        try (ProcessPool pool = Pools.ofOne()) {
            outcome = Eventually.value(pool.submit("echo", large));
            assertNothingIsSpooled();
            Outcome refused = Eventually.value(pool.submit("no-such-task", large));
            assertThat(refused.kind()).isEqualTo(OutcomeKind.REJECTED);
            assertNothingIsSpooled();
        }
        assertThat(Arrays.equals(outcome.payload().bytes(), large)).isTrue();
    }
}
