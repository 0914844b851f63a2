package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerState;

class AdminServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final FakeBackend backend = new FakeBackend();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(ANY_PORT, backend, base);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void status_is_one_json_object_with_all_that_people_look_for() throws Exception {
        HttpResponse<String> response = get("/api/status");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        long rss = Long.parseLong(response.body().replaceAll("(?s).*?\"rssBytes\":(\\d+).*", "$1"));
        assertThat(rss).isGreaterThan(1 << 20);
        long pid = ProcessHandle.current().pid();
        assertThat(response.body().strip())
                .isEqualTo("{\"state\":\"running\",\"version\":\"" + Version.text()
                        + "\",\"uptimeMillis\":4321,\"routing\":\"least-busy\",\"workers\":["
                        + "{\"id\":1,\"pid\":" + pid
                        + ",\"state\":\"busy\",\"inFlight\":1,\"completed\":10,\"failed\":2,\"restarts\":2,"
                        + "\"rssBytes\":" + rss + ",\"bootMillis\":101,\"task\":\"echo\"},"
                        + "{\"id\":2,\"pid\":0,\"state\":\"exited\",\"inFlight\":0,\"completed\":0,\"failed\":0,"
                        + "\"restarts\":0,\"rssBytes\":0,\"bootMillis\":0,\"task\":null}],"
                        + "\"spares\":0,\"queue\":{\"depth\":5,\"bytes\":500,\"limit\":100},"
                        + "\"totals\":{\"accepted\":20,\"succeeded\":10,\"failed\":1,\"timedOut\":1,\"expired\":0,"
                        + "\"workerLost\":1,\"cancelled\":0,\"rejected\":3}}");
    }

    @Test
    void version_is_the_one_of_the_build() {
        assertThat(Version.text()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void workers_and_tasks_are_listed() throws Exception {
        assertThat(get("/api/workers").body()).startsWith("{\"workers\":[{\"id\":1,");

        assertThat(get("/api/tasks?limit=3").body().strip())
                .isEqualTo("{\"tasks\":[{\"id\":\"7\",\"task\":\"say \\\"hi\\\"\",\"state\":\"running\",\"attempts\":1,"
                        + "\"worker\":1,\"ageMillis\":20,\"runMillis\":10,\"priority\":4}]}");
        assertThat(backend.tasksAsked).isEqualTo(3);
        get("/api/tasks");
        assertThat(backend.tasksAsked).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/tasks?limit=0", "/api/tasks?limit=10001", "/api/tasks?limit=many", "/api/tasks?limit="})
    void limit_that_cannot_be_is_refused(String path) throws Exception {
        assertError(get(path), 400, "limit must be a whole number from 1 to 10000");
    }

    @ParameterizedTest
    @CsvSource({"RUNNING,IDLE,200,200", "RUNNING,STARTING,200,503", "DRAINING,BUSY,200,503", "FAILED,EXITED,503,503"})
    void health_and_readiness_follow_the_pool(PoolState state, WorkerState worker, int health, int ready)
            throws Exception {
        backend.state = state;
        backend.workerState = worker;

        assertThat(get("/healthz").statusCode()).isEqualTo(health);
        assertThat(get("/readyz").statusCode()).isEqualTo(ready);
    }

    @Test
    void drain_is_passed_on_when_the_token_is_right() throws Exception {
        assertThat(drain("/api/drain", "Bearer " + token()).statusCode()).isEqualTo(202);
        assertThat(drain("/api/drain?timeout=5s", "Bearer  " + token()).body().strip())
                .isEqualTo("{\"state\":\"draining\"}");

        assertThat(backend.drains.poll(5, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        assertThat(backend.drains.poll(5, TimeUnit.SECONDS)).isEqualTo(Optional.of(Duration.ofSeconds(5)));
    }

    @Test
    void drain_is_refused_without_the_right_token() throws Exception {
        HttpResponse<String> none =
                client.send(request("/api/drain").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertError(none, 401, "this needs 'Authorization: Bearer' with the token");
        assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(drain("/api/drain", "Bearer " + "0".repeat(64)).statusCode()).isEqualTo(401);
        assertThat(drain("/api/drain", "Bearer " + token().substring(1)).statusCode())
                .isEqualTo(401);
        assertThat(drain("/api/drain", "Basic " + token()).statusCode()).isEqualTo(401);

        assertThat(backend.drains).isEmpty();
    }

    @Test
    void drain_is_refused_when_the_timeout_is_no_duration() throws Exception {
        assertError(drain("/api/drain?timeout=soon", "Bearer " + token()), 400, "'soon' is not a duration");
        assertThat(backend.drains).isEmpty();
    }

    @Test
    void drain_is_refused_when_a_page_of_another_origin_asks() throws Exception {
        HttpRequest fromPage = request("/api/drain")
                .header("Authorization", "Bearer " + token())
                .header("Origin", "http://localhost:3000")
                .POST(BodyPublishers.noBody())
                .build();

        assertError(client.send(fromPage, BodyHandlers.ofString()), 403, "another origin");
        assertThat(backend.drains).isEmpty();
    }

    @Test
    void own_origin_is_let_in() throws Exception {
        HttpRequest fromPage =
                request("/api/status").header("Origin", uri("").toString()).build();

        assertThat(client.send(fromPage, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void token_file_is_for_this_user_only_and_goes_with_the_server() throws Exception {
        Path file = tokenFile();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(token()).matches("[0-9a-f]{64}");
        server.close();
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void token_file_of_another_service_is_left_alone() throws Exception {
        Files.writeString(tokenFile(), "somebody else's");

        server.close();

        assertThat(tokenFile()).hasContent("somebody else's");
    }

    @Test
    void token_file_that_a_dead_service_left_is_replaced() throws Exception {
        InetSocketAddress address = server.address();
        Path file = tokenFile();
        server.close();
        Files.writeString(file, "old");

        server = AdminServer.start(address, backend, base);

        assertThat(drain("/api/drain", "Bearer " + token()).statusCode()).isEqualTo(202);
    }

    @Test
    void wrong_paths_and_methods_are_told() throws Exception {
        assertError(get("/"), 404, "there is nothing here");
        assertError(get("/api/status/"), 404, "there is nothing here");
        HttpResponse<String> post =
                client.send(request("/api/status").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertError(post, 405, "this path answers to GET only");
        assertThat(post.headers().firstValue("allow")).hasValue("GET");
        assertError(get("/api/drain"), 405, "this path answers to POST only");
    }

    @Test
    void pool_that_does_not_answer_is_told() throws Exception {
        backend.broken = true;

        assertError(get("/api/status"), 503, "the pool does not answer");
    }

    @Test
    void port_in_use_is_one_clear_sentence() {
        assertThatThrownBy(() -> AdminServer.start(server.address(), backend, base))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(":" + server.address().getPort())
                .hasMessageContaining("--admin");
        assertThat(tokenFile()).exists();
    }

    private Path tokenFile() {
        return base.resolve("admin-" + server.address().getPort() + ".token");
    }

    private String token() throws IOException {
        return Files.readString(tokenFile());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> drain(String path, String authorization) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Authorization", authorization)
                .POST(BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static void assertError(HttpResponse<String> response, int status, String sentence) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":\"").contains(sentence);
    }
}
