package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.conductor.ClientLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.TaskId;
import org.procpool.server.ServerOptions;
import org.procpool.task.RejectReason;

/** What one client may take up, and that others notice nothing of it. */
@ExtendWith(LeakCheck.class)
class ClientLimitsTest {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static void limit(TestServer server, ClientLimits limits) {
        ServerOptions options = server.server().options();
        server.server().reconfigure(options.withPool(options.pool().withClients(limits)));
    }

    private static Path open() {
        return LeakCheck.workDirectory().resolve("open");
    }

    private static TestServer server(int workers, ClientLimits limits) {
        return TestServer.ofPool(
                pool -> pool.withWorkers(workers).withPrefetchMax(1).withClients(limits));
    }

    private static void gates(RawClient client, int count) throws Exception {
        for (int i = 1; i <= count; i++) {
            client.submit(i, "gate", open());
        }
    }

    @Test
    void what_a_client_submits_beyond_its_queue_is_rejected_and_others_are_not() throws Exception {
        try (TestServer server = server(1, ClientLimits.NONE.withQueuedTasksMax(2));
                RawClient greedy = server.welcomed();
                RawClient other = server.welcomed()) {
            gates(greedy, 1);
            Pools.untilRunning(server.server().pool(), "gate", 1);
            for (int i = 2; i <= 4; i++) {
                greedy.submit(i, "echo", i);
            }
            ResultFrame rejected = greedy.result(4);
            assertThat(rejected.outcome()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(rejected.error().type()).isEqualTo(RejectReason.CLIENT_QUEUE_FULL.name());
            assertThat(rejected.error().message())
                    .isEqualTo(
                            "this client has 2 tasks waiting, and max-queued-per-client is 2; submit more as they end");
            other.submit(1, "echo", "hi");
            other.accepted();

            Files.createFile(open());
            assertThat(other.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(greedy.result(3).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            greedy.submit(5, "echo", "again");
            assertThat(greedy.result(5).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            server.assertUnharmed();
        }
    }

    @Test
    void limits_that_change_are_those_of_what_waits_and_of_what_comes() throws Exception {
        try (TestServer server =
                        server(3, ClientLimits.NONE.withQueuedTasksMax(2).withInFlightTasksMax(1));
                RawClient client = server.welcomed()) {
            gates(client, 4);
            assertThat(client.result(4).error().type()).isEqualTo(RejectReason.CLIENT_QUEUE_FULL.name());
            Pools.untilRunning(server.server().pool(), "gate", 1);
            assertThat(server.snapshot().clients().full()).isEqualTo(1);

            // Nothing ends, and yet what waited begins.
            limit(server, ClientLimits.NONE.withQueuedTasksMax(1));
            Pools.untilRunning(server.server().pool(), "gate", 3);
            assertThat(server.snapshot().clients().full()).isZero();
            client.submit(5, "echo", "waits");
            client.submit(6, "echo", "too many");
            assertThat(client.result(6).error().message()).contains("max-queued-per-client is 1");

            limit(server, ClientLimits.NONE.withInFlightTasksMax(2));
            Eventually.until(
                    "it has more than it may", () -> server.snapshot().clients().full() == 1);
            Files.createFile(open());
            for (int i = 1; i <= 4; i++) {
                assertThat(client.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            assertThat(server.snapshot().clients().full()).isZero();
            server.assertUnharmed();
        }
    }

    @Test
    void client_with_as_much_in_flight_as_it_may_waits_while_others_go_on() throws Exception {
        try (TestServer server = server(3, ClientLimits.NONE.withInFlightTasksMax(2));
                RawClient greedy = server.welcomed();
                RawClient other = server.welcomed()) {
            gates(greedy, 4);
            Pools.untilRunning(server.server().pool(), "gate", 2);
            long third = 0;
            for (int i = 1; i <= 3; i++) {
                third = greedy.accepted();
            }
            for (int i = 1; i <= 20; i++) {
                other.submit(i, "echo", i);
                assertThat(other.result(i).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            assertThat(server.snapshot().queuedTasks()).isEqualTo(2);
            assertThat(server.snapshot().clients().full()).isEqualTo(1);
            HttpRequest why =
                    request(server, "/api/explain?id=" + TaskId.format(third)).build();
            assertThat(send(why)
                            .get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .body())
                    .contains("it waits because its client has 2 tasks in flight, the limit"
                            + " (max-in-flight-per-client); it goes on when one of them ends");

            Files.createFile(open());
            for (int i = 1; i <= 4; i++) {
                assertThat(greedy.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            assertThat(server.snapshot().clients().full()).isZero();
        }
    }

    @Test
    void requests_from_one_address_are_one_client() throws Exception {
        try (TestServer server = server(1, ClientLimits.NONE.withQueuedTasksMax(1));
                RawClient tcp = server.welcomed()) {
            gates(tcp, 1);
            Pools.untilRunning(server.server().pool(), "gate", 1);
            CompletableFuture<HttpResponse<String>> first = post(server, "first");
            Eventually.until("it waits", () -> server.snapshot().queuedTasks() == 1);
            HttpResponse<String> second = post(server, "second").get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.headers().firstValue("retry-after")).isPresent();
            assertThat(second.body()).contains("max-queued-per-client is 1");
            // A connection is another client, also from that address.
            tcp.submit(2, "echo", "tcp");

            Files.createFile(open());
            assertThat(first.get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS).body())
                    .isEqualTo("first");
            assertThat(tcp.result(2).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(post(server, "third")
                            .get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)
                            .body())
                    .isEqualTo("third");
        }
    }

    private CompletableFuture<HttpResponse<String>> post(TestServer server, String text) {
        return send(request(server, "/api/tasks/echo")
                .POST(BodyPublishers.ofString(text))
                .build());
    }

    private static HttpRequest.Builder request(TestServer server, String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + server.server().adminAddress().getPort() + path))
                .timeout(Duration.ofSeconds(Eventually.DEADLINE_SECONDS));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString());
    }
}
