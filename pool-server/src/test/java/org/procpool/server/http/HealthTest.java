package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerState;

/** What those are told who decide whether to restart a service, or to send it clients. */
class HealthTest {

    private final FakeBackend backend = new FakeBackend();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = backend.serve(base);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Test
    void degraded_pool_says_why_and_is_healthy_as_long_as_somebody_takes_tasks() throws Exception {
        backend.state = PoolState.DEGRADED;
        backend.degraded = "51 workers died";

        for (String path : List.of("/healthz", "/readyz")) {
            HttpResponse<String> health = get(path);
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body().strip()).isEqualTo("{\"state\":\"degraded\",\"reason\":\"51 workers died\"}");
        }
        assertThat(get("/api/status").body())
                .startsWith("{\"state\":\"degraded\",\"reason\":\"51 workers died\",\"version\":");
        backend.workerState = WorkerState.EXITED;
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    @Test
    void pool_that_hands_out_nothing_is_not_healthy_and_says_why() throws Exception {
        backend.stuck = "tasks wait, 5 in all, although worker w1.3 has had nothing to do for 1s";

        HttpResponse<String> health = get("/healthz");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body().strip()).isEqualTo("{\"state\":\"running\",\"stuck\":\"" + backend.stuck + "\"}");
        assertThat(get("/readyz").statusCode()).as("what it runs, it runs").isEqualTo(200);
        assertThat(get("/api/status").body()).contains("\"stuck\":\"tasks wait");
        assertThat(get("/metrics").body()).contains("procpool_stuck 1", "procpool_stuck_alarms_total 1");
        backend.stuck = null;
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("procpool_stuck 0", "procpool_stuck_alarms_total 0");
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
}
