package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.PoolListener.PoolRolled;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.SecurityOptions;
import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.PoolState;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerState;

class AdminServerTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final FakeBackend backend = new FakeBackend();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final Gatekeeper gatekeeper = open(SecurityOptions.defaults());

    @TempDir
    private Path base;

    private AdminServer server;

    private static Gatekeeper open(SecurityOptions options) {
        try {
            return Gatekeeper.open(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(ANY_PORT, backend, new FakeDesk(), base, gatekeeper);
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
                        + "\"spares\":0,\"workersTarget\":2,\"workersMin\":1,\"workersMax\":4,\"paused\":false,\"rolling\":false,\"quarantined\":[],"
                        + "\"queue\":{\"depth\":5,\"bytes\":500,\"limit\":100},\"clients\":{\"maxQueued\":50,\"maxInFlight\":8,\"full\":1},"
                        + "\"totals\":{\"accepted\":20,\"succeeded\":10,\"failed\":1,\"timedOut\":1,\"expired\":0,"
                        + "\"workerLost\":1,\"cancelled\":0,\"rejected\":3},"
                        + "\"memory\":{\"totalBytes\":1073741824,\"source\":\"machine\",\"supervisorBytes\":209715200,"
                        + "\"workerHeapBytes\":67108864,\"workerBesideBytes\":62914560,\"heapFrom\":\"worker-heap\","
                        + "\"plannedBytes\":469762048},\"workerCgroups\":{\"version\":1,\"memoryBytesMax\":134217728,"
                        + "\"inForce\":\"each has one\"}}");
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

    @Test
    void task_is_explained_while_it_is_under_way() throws Exception {
        assertThat(get("/api/explain?id=7").body().strip()).isEqualTo("{\"lines\":[\"it runs\",\"it may\"]}");
        assertError(get("/api/explain?id=8"), 404, "no task of that id is under way");
        assertError(get("/api/explain?id=-"), 400, "id: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/tasks?limit=0", "/api/tasks?limit=10001", "/api/tasks?limit=many", "/api/tasks?limit="})
    void limit_that_cannot_be_is_refused(String path) throws Exception {
        assertError(get(path), 400, "limit must be a whole number from 1 to 10000");
    }

    @Test
    void dead_workers_are_listed_with_what_each_cost() throws Exception {
        WorkerEnd end = WorkerEnd.of(new ExitStatus(137));
        Autopsy crash = new Autopsy(
                new WorkerId(2, 3),
                4711,
                Departure.CRASHED,
                "it was killed by signal 9 (SIGKILL)",
                end,
                3_500_000_000L,
                12,
                31,
                "say \"hi\"",
                2,
                40_000_000,
                new DeathAccount(9, 3, 1, 5, 1),
                Instant.parse("2026-01-02T03:04:05.678Z"));
        Autopsy never = new Autopsy(
                new WorkerId(1, 1),
                0,
                Departure.BOOT_FAILED,
                "no such file",
                null,
                0,
                0,
                0,
                null,
                0,
                0,
                DeathAccount.NOTHING);
        backend.autopsies = List.of(crash, never);

        assertThat(get("/api/workers/dead").body().strip())
                .isEqualTo("[{\"worker\":2,\"generation\":3,\"pid\":4711,\"at\":\"2026-01-02T03:04:05.678Z\","
                        + "\"reason\":\"CRASHED\",\"exit\":\"signal 9 (SIGKILL)\","
                        + "\"detail\":\"it was killed by signal 9 (SIGKILL)\",\"uptimeMillis\":3500,\"tasks\":12,"
                        + "\"task\":\"say \\\"hi\\\"\",\"taskId\":\"z\",\"attempt\":2,\"ranMillis\":40,"
                        + "\"account\":{\"inFlight\":9,\"recovered\":3,\"wrapped\":1,\"returned\":5,\"lost\":1},"
                        + "\"text\":\"" + json(crash.text()) + "\"},"
                        + "{\"worker\":1,\"generation\":1,\"pid\":0,\"at\":null,\"reason\":\"BOOT_FAILED\","
                        + "\"exit\":null,\"detail\":\"no such file\",\"uptimeMillis\":0,\"tasks\":0,\"task\":null,"
                        + "\"taskId\":null,\"attempt\":0,\"ranMillis\":0,"
                        + "\"account\":{\"inFlight\":0,\"recovered\":0,\"wrapped\":0,\"returned\":0,\"lost\":0},"
                        + "\"text\":\"" + json(never.text()) + "\"}]");
        HttpRequest foreign = request("/api/workers/dead")
                .header("Origin", "http://localhost:3000")
                .build();
        assertError(client.send(foreign, BodyHandlers.ofString()), 403, "another origin");
    }

    private static String json(String text) {
        return text.replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Test
    void spares_are_counted_and_listed() throws Exception {
        backend.workerState = WorkerState.SPARE;

        assertThat(get("/api/status").body()).contains("\"spares\":1,", "\"state\":\"spare\"");
        assertThat(get("/readyz").statusCode()).as("a spare takes no tasks").isEqualTo(503);
    }

    @Test
    void drain_is_passed_on_when_the_token_is_right() throws Exception {
        assertThat(post("/api/drain", "Bearer " + token()).statusCode()).isEqualTo(202);
        assertThat(post("/api/drain?timeout=5s", "Bearer  " + token()).body().strip())
                .isEqualTo("{\"state\":\"draining\"}");

        assertThat(backend.drains.poll(5, TimeUnit.SECONDS)).isEqualTo(Optional.empty());
        assertThat(backend.drains.poll(5, TimeUnit.SECONDS)).isEqualTo(Optional.of(Duration.ofSeconds(5)));
    }

    @Test
    void levers_are_passed_on_when_the_token_is_right() throws Exception {
        String token = "Bearer " + token();
        assertThat(post("/api/scale?workers=5", token).body().strip()).isEqualTo("{\"workers\":5}");
        assertThat(post("/api/pause", token).body().strip()).isEqualTo("{\"paused\":true}");
        assertThat(post("/api/resume", token).body().strip()).isEqualTo("{\"paused\":false}");
        assertThat(post("/api/restart", token).body().strip()).isEqualTo("{\"release\":2}");
        assertThat(post("/api/restart?worker=1", token).body().strip()).isEqualTo("{\"worker\":1}");
        assertThat(post("/api/quarantine?task=thumb%20nail", token).body().strip())
                .isEqualTo("{\"task\":\"thumb nail\"}");
        assertThat(post("/api/release?task=echo", token).body().strip()).isEqualTo("{\"task\":\"echo\"}");
        assertThat(backend.actions)
                .containsExactly(
                        "scale 5", "pause", "resume", "restart", "restart 1", "quarantine thumb nail", "release echo");
    }

    @Test
    void what_is_in_quarantine_is_told_with_its_reason() throws Exception {
        assertThat(get("/api/quarantined").body().strip()).isEqualTo("{\"quarantined\":[]}");
        backend.quarantined = List.of(new QuarantinedTask("echo", "5 workers died", false, 1_000, 59_000));
        String held = "\"quarantined\":[{\"task\":\"echo\",\"why\":\"5 workers died\",\"byHand\":false,"
                + "\"sinceMillis\":1000,\"probeInMillis\":59000}]";
        assertThat(get("/api/quarantined").body()).contains(held);
        assertThat(get("/api/status").body()).contains(held);
    }

    @Test
    void levers_say_why_they_do_nothing() throws Exception {
        String token = "Bearer " + token();
        assertError(post("/api/scale", token), 400, "workers must be a whole number");
        assertError(post("/api/scale?workers=0", token), 400, "workers would be 0, allowed is 1..1023");
        assertThat(post("/api/pause", "Bearer no").statusCode()).isEqualTo(401);
        backend.rolled = new PoolRolled(3, "its first worker did not become ready");
        assertError(post("/api/restart", token), 409, "release 3 was given up");
        assertError(post("/api/quarantine", token), 400, "say which task");
        assertError(post("/api/release", token), 400, "say which task");
        assertError(post("/api/release?task=fib", token), 409, "task 'fib' is not in quarantine");
        assertError(post("/api/restart?worker=two", token), 400, "worker must be its number");
        assertError(post("/api/restart?worker=2", token), 409, "there is no worker 2 that is ready");
        backend.state = PoolState.DRAINING;
        assertError(post("/api/pause", token), 409, "the service is draining");
        assertThat(backend.actions).containsExactly("restart", "release fib", "restart 2");
    }

    @Test
    void drain_is_refused_without_the_right_token() throws Exception {
        HttpResponse<String> none =
                client.send(request("/api/drain").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertError(none, 401, "this needs 'Authorization: Bearer' with the token");
        assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(post("/api/drain", "Bearer " + "0".repeat(64)).statusCode()).isEqualTo(401);
        assertThat(post("/api/drain", "Bearer " + token().substring(1)).statusCode())
                .isEqualTo(401);
        assertThat(post("/api/drain", "Basic " + token()).statusCode()).isEqualTo(401);

        assertThat(backend.drains).isEmpty();
    }

    @Test
    void reload_tells_what_is_in_force_and_what_waits_for_a_restart() throws Exception {
        assertThat(post("/api/reload", "Bearer " + token()).body().strip())
                .isEqualTo("{\"applied\":[\"window\"],\"restart\":[\"workers\"]}");
        backend.reload = new ReloadReport(List.of(), List.of(), List.of("f:1: bad", "f:2: worse"));
        assertError(post("/api/reload", "Bearer " + token()), 422, "f:1: bad; f:2: worse");
        assertThat(post("/api/reload", "Bearer x").statusCode()).isEqualTo(401);
    }

    @Test
    void drain_is_refused_when_the_timeout_is_no_duration() throws Exception {
        assertError(post("/api/drain?timeout=soon", "Bearer " + token()), 400, "'soon' is not a duration");
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
        Path other = Files.writeString(base.resolve("other"), "somebody else's");
        Files.move(other, tokenFile(), StandardCopyOption.REPLACE_EXISTING);

        server.close();
        assertThat(tokenFile()).hasContent("somebody else's");
    }

    @Test
    void token_files_of_dead_services_go_at_the_next_start_and_those_of_living_ones_stay() throws Exception {
        Path dead = Files.writeString(base.resolve("admin-1.token"), "of a service that was killed");
        Path unnamed = Files.writeString(base.resolve(".admin-1-2"), "killed while it was written");
        Files.setLastModifiedTime(unnamed, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        Path beingMade = Files.writeString(base.resolve(".admin-3-4"), "just made");
        AdminServer second = AdminServer.start(ANY_PORT, backend, new FakeDesk(), base, gatekeeper);
        second.close();
        assertThat(dead).doesNotExist();
        assertThat(unnamed).doesNotExist();
        assertThat(beingMade).exists();
        assertThat(tokenFile()).exists();
    }

    @Test
    void token_file_that_a_dead_service_left_is_replaced() throws Exception {
        AdminToken mine = AdminToken.random();
        Path file = base.resolve("admin-1.token");
        TokenFile left = TokenFile.write(AdminToken.random(), base, 1);
        TokenFile fresh = TokenFile.write(mine, base, 1);

        left.close();
        assertThat(file).hasContent(mine.text());
        fresh.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void port_and_connections_are_free_when_the_server_is_closed() throws Exception {
        for (int i = 0; i < 20; i++) {
            InetSocketAddress address = server.address();
            try (Socket silent = new Socket(address.getAddress(), address.getPort())) {
                silent.setSoTimeout(5_000);
                get("/healthz");
                server.close();
                assertThat(silent.getInputStream().read()).isEqualTo(-1);
            }
            try (ServerSocket again = new ServerSocket()) {
                again.setReuseAddress(true);
                again.bind(address);
            }
            server = AdminServer.start(ANY_PORT, backend, new FakeDesk(), base, gatekeeper);
        }
    }

    @Test
    void dashboard_is_there_with_all_its_files_and_brings_nothing_from_elsewhere() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .startsWith("default-src 'none'; script-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
        List<String> files = Pattern.compile("/dashboard/[\\w.]+")
                .matcher(page.body())
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(files).hasSizeGreaterThan(5);
        for (String file : files) {
            assertThat(get(file).statusCode()).as(file).isEqualTo(200);
        }
    }

    @Test
    void threads_of_a_worker_are_told_to_holders_of_the_token() throws Exception {
        String token = "Bearer " + token();
        assertThat(post("/api/dump?worker=1", "Bearer no").statusCode()).isEqualTo(401);
        assertThat(post("/api/dump?worker=1", token).body().strip()).isEqualTo("{\"threads\":\"main RUNNABLE\"}");
        assertError(post("/api/dump?worker=9", token), 409, "worker 9 does not tell what its threads do");
        assertError(post("/api/dump", token), 400, "worker must be its number");
    }

    @Test
    void wrong_paths_and_methods_are_told() throws Exception {
        assertError(get("/none"), 404, "there is nothing here");
        assertError(get("/api/status/"), 404, "there is nothing here");
        HttpResponse<String> post = client.send(
                request("/api/status")
                        .header("Authorization", "Bearer " + token())
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertError(post, 405, "this path answers to GET only");
        assertThat(post.headers().firstValue("allow")).hasValue("GET");
        assertError(get("/api/drain"), 405, "this path answers to POST only");
    }

    @Test
    void nothing_but_what_is_known_to_be_harmless_is_done_without_a_token() throws Exception {
        for (String path : List.of("/api/status", "/api/nowhere", "/")) {
            HttpResponse<String> post =
                    client.send(request(path).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            assertError(post, 401, "the token that lies in the service's run directory");
        }
    }

    @Test
    void pool_that_does_not_answer_is_told() throws Exception {
        backend.broken = true;

        assertError(get("/api/status"), 503, "the pool does not answer");
    }

    @Test
    void port_in_use_is_one_clear_sentence() {
        assertThatThrownBy(() -> AdminServer.start(server.address(), backend, new FakeDesk(), base, gatekeeper))
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
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String authorization) throws IOException, InterruptedException {
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
