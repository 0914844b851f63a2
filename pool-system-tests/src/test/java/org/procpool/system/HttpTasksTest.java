package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.client.PoolClient;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskId;
import org.procpool.server.security.SecurityOptions;
import org.procpool.system.Cli.Service;
import org.procpool.task.TaskSpec;

/** Tasks by HTTP, against real workers. */
@ExtendWith(LeakCheck.class)
class HttpTasksTest {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static HttpRequest.Builder request(TestServer server, String path) {
        return HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + server.server().adminAddress().getPort() + path))
                .timeout(Duration.ofSeconds(Eventually.DEADLINE_SECONDS));
    }

    private CompletableFuture<HttpResponse<byte[]>> post(TestServer server, String path, byte[] payload) {
        return client.sendAsync(
                request(server, path).POST(BodyPublishers.ofByteArray(payload)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void bytes_come_back_as_they_were_whether_small_or_spooled() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (int size : new int[] {0, 1, 100_000, 5_000_000}) {
                byte[] payload = new byte[size];
                new Random(size).nextBytes(payload);
                HttpResponse<byte[]> answer = get(post(server, "/api/tasks/echo", payload));
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(Arrays.equals(answer.body(), payload)).isTrue();
            }
            server.assertUnharmed();
        }
    }

    @Test
    void crash_costs_its_task_and_the_answer_has_the_autopsy() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<byte[]> answer = get(post(server, "/api/tasks/exit", "42".getBytes()));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("procpool-outcome")).hasValue("WORKER_LOST");
            assertThat(answer.headers().firstValue("procpool-error-type")).hasValue("EXIT_42");
            assertThat(new String(answer.body())).contains("\"autopsy\":\"");
            server.assertUnharmed();
        }
    }

    @Test
    void detached_task_of_either_door_is_fetched_at_the_other() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient tcp = server.client()) {
            HttpResponse<byte[]> accepted = get(post(server, "/api/tasks/reverse?detach", "abc".getBytes()));
            assertThat(accepted.statusCode()).isEqualTo(202);
            String where = accepted.headers().firstValue("location").orElseThrow();
            HttpResponse<String> outcome =
                    send(request(server, where + "?wait=20s").GET());
            assertThat(outcome.statusCode()).isEqualTo(200);
            assertThat(outcome.body()).isEqualTo("cba");
            long id = TaskId.parse(
                    accepted.headers().firstValue("procpool-task-id").orElseThrow());
            assertThat(get(tcp.query(id, Duration.ZERO)).result().payload().text())
                    .isEqualTo("cba");

            assertThat(send(request(server, where).DELETE()).statusCode()).isEqualTo(409);
            assertThat(send(request(server, "/api/tasks/1").GET()).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void running_task_is_cancelled_by_its_id() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.start()) {
            HttpResponse<byte[]> accepted =
                    get(post(server, "/api/tasks/gate?detach", open.toString().getBytes()));
            String where = accepted.headers().firstValue("location").orElseThrow();
            Pools.untilRunning(server.server().pool(), "gate", 1);
            assertThat(send(request(server, where).GET()).body()).contains("\"state\":\"running\"");

            assertThat(send(request(server, where).DELETE()).statusCode()).isEqualTo(202);
            HttpResponse<String> outcome =
                    send(request(server, where + "?wait=20s").GET());
            assertThat(outcome.statusCode()).isEqualTo(409);
            assertThat(outcome.body()).contains("\"outcome\":\"CANCELLED\"");
        }
    }

    @Test
    void queued_task_of_a_client_that_went_away_never_runs() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.ofPool(
                pool -> pool.withWorkers(1).withDisconnectGraceNanos(TimeUnit.MILLISECONDS.toNanos(50)))) {
            server.server().pool().submit(TaskSpec.of("gate", Payload.of(open.toString())));
            Pools.untilRunning(server.server().pool(), "gate", 1);
            CompletableFuture<HttpResponse<byte[]>> waiting = post(server, "/api/tasks/pid", new byte[0]);
            Eventually.until("it waits", () -> server.snapshot().queuedTasks() == 1);
            waiting.cancel(true);
            Eventually.until("it is cancelled", () -> server.snapshot().totals().cancelled() == 1);
            Files.createFile(open);
        }
    }

    @Test
    void full_queue_says_when_to_come_again() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1).withQueueTasksMax(1))) {
            byte[] gate = open.toString().getBytes();
            CompletableFuture<HttpResponse<byte[]>> first = post(server, "/api/tasks/gate", gate);
            Pools.untilRunning(server.server().pool(), "gate", 1);
            CompletableFuture<HttpResponse<byte[]>> second = post(server, "/api/tasks/gate", gate);
            Eventually.until("one waits", () -> server.snapshot().queuedTasks() == 1);
            HttpResponse<byte[]> third = get(post(server, "/api/tasks/gate", gate));
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("retry-after")).hasValue("1");
            Files.createFile(open);
            assertThat(get(first).statusCode()).isEqualTo(200);
            assertThat(get(second).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void drain_refuses_what_is_new_and_answers_what_it_has() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.start()) {
            CompletableFuture<HttpResponse<byte[]>> running =
                    post(server, "/api/tasks/gate", open.toString().getBytes());
            Pools.untilRunning(server.server().pool(), "gate", 1);
            CompletableFuture<Void> drained = server.server().drain(Duration.ofSeconds(Eventually.DEADLINE_SECONDS));
            Eventually.until(
                    "new tasks are refused",
                    () -> get(post(server, "/api/tasks/pid", new byte[0])).statusCode() == 503);
            Files.createFile(open);
            get(drained);
            assertThat(get(running).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void token_must_be_good_for_submitting() throws Exception {
        Path tokens = LeakCheck.workDirectory().resolve("tokens");
        String submit = HexFormat.of().formatHex(new byte[16]);
        String read = submit.replace('0', '1');
        Files.writeString(tokens, "ci submit " + submit + "\neyes read " + read + "\n");
        Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
        try (TestServer server = TestServer.start(
                options -> options.withSecurity(SecurityOptions.defaults().withTokens(tokens)))) {
            Map<String, Integer> expected = Map.of("Bearer " + submit, 200, "Bearer " + read, 403, "Bearer wrong", 401);
            for (Map.Entry<String, Integer> token : expected.entrySet()) {
                HttpRequest.Builder task = request(server, "/api/tasks/echo")
                        .header("Authorization", token.getKey())
                        .POST(BodyPublishers.ofString("x"));
                assertThat(send(task).statusCode()).as(token.getKey()).isEqualTo(token.getValue());
            }
        }
    }

    @Test
    void withdrawn_token_ends_what_waits_and_what_watches() throws Exception {
        String token = HexFormat.of().formatHex(new byte[16]);
        Path tokens = Certificates.write("tokens", "ci submit,read " + token + "\n");
        try (TestServer server = TestServer.start(
                options -> options.withSecurity(SecurityOptions.defaults().withTokens(tokens)))) {
            CompletableFuture<HttpResponse<byte[]>> waiting = client.sendAsync(
                    request(server, "/api/tasks/sleep")
                            .header("Authorization", "Bearer " + token)
                            .POST(BodyPublishers.ofString("5m"))
                            .build(),
                    BodyHandlers.ofByteArray());
            Pools.untilRunning(server.server().pool(), "sleep", 1);
            HttpResponse<InputStream> events = client.send(
                    request(server, "/api/events")
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(events.statusCode()).isEqualTo(200);

            Certificates.write("tokens", "ci submit,read " + token.replace('0', '1') + "\n");
            server.server().reloadSecurity();

            assertThat(get(waiting).statusCode()).isEqualTo(401);
            assertThat(new String(get(waiting).body())).contains("the token 'ci' was withdrawn");
            try (InputStream stream = events.body()) {
                // Comes to an end.
                stream.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void connections_of_an_address_count_through_both_doors() throws Exception {
        SecurityOptions security = SecurityOptions.defaults().withConnectionsPerAddressMax(1);
        try (TestServer server = TestServer.start(options -> options.withSecurity(security))) {
            try (RawClient first = server.welcomed()) {
                HttpResponse<String> refused = send(request(server, "/healthz").GET());
                assertThat(refused.statusCode()).isEqualTo(429);
                assertThat(refused.body()).contains("1 connections from your address");
                first.submit(1, "echo", "on");
                assertThat(first.result(1).payload().text()).isEqualTo("on");
            }
            Eventually.until(
                    "there is room again",
                    () -> send(request(server, "/healthz").GET()).statusCode() == 200);
            // The client keeps that connection.
            try (RawClient second = server.silent()) {
                assertThat(second.next(ErrorFrame.class).code()).isEqualTo("TOO_MANY_CONNECTIONS");
            }
        }
    }

    @Test
    void commands_of_the_documentation_do_what_it_says() throws Exception {
        String text = Files.readString(Cli.ROOT.resolve("docs/http.md"));
        Matcher blocks = Pattern.compile("```sh\n(.*?)```(?:\n\n```\n(.*?)```)?", Pattern.DOTALL)
                .matcher(text);
        int run = 0;
        try (Service service = Service.start()) {
            while (blocks.find()) {
                String script = blocks.group(1).replace("127.0.0.1:7421", "127.0.0.1:" + service.adminPort());
                ProcessBuilder bash =
                        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(Cli.ROOT.toFile());
                try (Program program = Program.start(bash)) {
                    program.input().close();
                    assertThat(program.exitCode())
                            .as("%s%s", script, program.errorText())
                            .isZero();
                    assertThat(program.text()).isNotEmpty();
                    if (blocks.group(2) != null) {
                        assertThat(program.text().strip())
                                .isEqualTo(blocks.group(2).strip());
                    }
                }
                run++;
            }
        }
        assertThat(run).isEqualTo(5);
    }
}
