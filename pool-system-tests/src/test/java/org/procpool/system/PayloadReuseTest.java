package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskRequest;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;

/** Files of large payloads that get one payload after the other: none may ever show anything of another. */
@ExtendWith(LeakCheck.class)
class PayloadReuseTest {

    private static final int MIB = 1 << 20;

    private static TestServer serve(int workers) {
        List<String> providers = new ArrayList<>(Handlers.PROVIDERS);
        providers.add(PayloadHandlers.class.getName());
        return TestServer.ofPool(options -> options.withWorkers(workers).withProviders(providers));
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] expected(String task, byte[] payload) {
        return switch (task) {
            case "reverse" -> {
                byte[] back = new byte[payload.length];
                for (int i = 0; i < back.length; i++) {
                    back[i] = payload[back.length - 1 - i];
                }
                yield back;
            }
            case "double" -> {
                byte[] twice = Arrays.copyOf(payload, 2 * payload.length);
                System.arraycopy(payload, 0, twice, payload.length, payload.length);
                yield twice;
            }
            case "front" -> Arrays.copyOf(payload, payload.length - 1);
            default -> payload;
        };
    }

    private static void assertRight(String task, byte[] payload, TaskResult result) {
        assertThat(result.outcome()).as("%s of %d bytes", task, payload.length).isEqualTo(OutcomeKind.SUCCEEDED);
        assertThat(Arrays.equals(result.payload().bytes(), expected(task, payload)))
                .as("%s of %d bytes", task, payload.length)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void results_are_exactly_their_own_whatever_the_sizes_and_whoever_was_there_before(int workers) throws Exception {
        Random random = new Random(workers);
        try (TestServer server = serve(workers);
                PoolClient client = server.client()) {
            List<Integer> sizes = new ArrayList<>();
            for (int limit : new int[] {256 << 10, 320 << 10, MIB, 5 << 18, 3 * MIB, 16 * MIB}) {
                sizes.addAll(List.of(limit - 1, limit, limit + 1));
            }
            for (int round = 0; round < 4; round++) {
                Collections.shuffle(sizes, random);
                List<String> tasks = new ArrayList<>();
                List<byte[]> sent = new ArrayList<>();
                List<CompletableFuture<TaskResult>> results = new ArrayList<>();
                for (int size : sizes) {
                    tasks.add(List.of("echo", "reverse", "double", "front", "view")
                            .get(random.nextInt(5)));
                    sent.add(random(size, random.nextLong()));
                    results.add(client.submit(tasks.get(tasks.size() - 1), Payload.of(sent.get(sent.size() - 1))));
                }
                for (int i = 0; i < results.size(); i++) {
                    assertRight(tasks.get(i), sent.get(i), Eventually.value(results.get(i)));
                }
            }
            LargePayloadTest.assertNothingIsSpooled();
            server.assertUnharmed();
        }
    }

    @Test
    void files_serve_again_and_are_given_back_after_a_while() throws Exception {
        try (TestServer server = serve(1);
                PoolClient client = server.client()) {
            Set<Path> files = new HashSet<>();
            int tasks = 100;
            for (int i = 0; i < tasks; i++) {
                byte[] sent = random(MIB, i);
                String task = i % 2 == 0 ? "echo" : "reverse";
                assertRight(task, sent, Eventually.value(client.submit(task, Payload.of(sent))));
                files.addAll(LargePayloadTest.spooled());
            }
            assertThat(files).hasSizeLessThan(tasks / 2);
            LargePayloadTest.assertNothingIsSpooled();
        }
    }

    @Test
    void worker_that_is_killed_amid_its_results_harms_no_other_and_leaves_nothing() throws Exception {
        try (TestServer server = serve(2);
                PoolClient client = server.client()) {
            int lost = 0;
            for (int round = 0; round < 6; round++) {
                List<byte[]> sent = new ArrayList<>();
                List<CompletableFuture<TaskResult>> results = new ArrayList<>();
                for (int i = 0; i < 24; i++) {
                    sent.add(random(4 * MIB, 100 * round + i));
                    results.add(client.submit("reverse", Payload.of(sent.get(i))));
                }
                Eventually.value(results.get(2 + round));
                int victim = round % 2;
                // One that was killed in a round before may not have been replaced yet.
                Eventually.until("the worker runs", () -> pid(server, victim) != 0);
                Processes.signal(pid(server, victim), "KILL");
                for (int i = 0; i < results.size(); i++) {
                    TaskResult result = Eventually.value(results.get(i));
                    if (result.outcome() == OutcomeKind.WORKER_LOST) {
                        lost++;
                    } else {
                        assertRight("reverse", sent.get(i), result);
                    }
                }
            }
            assertThat(lost).isLessThanOrEqualTo(6);
            LargePayloadTest.assertNothingIsSpooled();
            server.assertUnharmed();
        }
    }

    private static long pid(TestServer server, int worker) {
        return server.snapshot().workers().get(worker).pid();
    }

    @Test
    void payload_of_a_task_that_may_be_repeated_is_whole_at_its_second_attempt() throws Exception {
        try (TestServer server = serve(1);
                PoolClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                byte[] before = random(MIB, 10 + i);
                assertRight("reverse", before, Eventually.value(client.submit("reverse", Payload.of(before))));
                byte[] sent = random(MIB, i);
                TaskRequest request =
                        TaskRequest.of("die-first", Payload.of(sent)).withMaxAttempts(2);
                assertRight("die-first", sent, Eventually.value(client.submit(request)));
            }
            LargePayloadTest.assertNothingIsSpooled();
        }
    }

    @Test
    void what_a_handler_has_kept_of_its_payload_shows_nothing_of_the_next() throws Exception {
        try (TestServer server = serve(1);
                PoolClient client = server.client()) {
            byte[] secret = random(MIB, 1);
            byte[] mine = random(MIB, 2);
            assertThat(Eventually.value(client.submit("keep", Payload.of(mine)))
                            .payload()
                            .text())
                    .isEqualTo(Integer.toString(MIB));
            assertRight("echo", secret, Eventually.value(client.submit("echo", Payload.of(secret))));
            TaskResult late = Eventually.value(client.submit("kept", Payload.of("now")));
            assertThat(late.outcome()).isEqualTo(OutcomeKind.FAILED);
            assertThat(late.error().message()).contains("its task is over");
        }
    }
}
