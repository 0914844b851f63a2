package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** A service whose settings stand in a file that changes while it runs, and what its log says. */
@ExtendWith(LeakCheck.class)
class ServiceSettingsTest {

    private static final String SECRET = "s3cret-payload";

    /** Of the test that runs. */
    private static Path file() {
        return LeakCheck.workDirectory().resolve("procpool.yaml");
    }

    private Ended reload(Service service) throws Exception {
        return service.run("reload", "--run-dir", LeakCheck.runDirectory().toString());
    }

    @Test
    void file_that_is_read_again_changes_what_it_can_and_says_what_it_cannot() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "drain-timeout: 5m\nprefetch: 7\n");
        try (Service service = Service.start("--config", file().toString());
                Program spinning = service.begin("submit", "ignore-interrupt")) {
            Eventually.until("it runs", () -> service.run("tasks").output().contains("ignore-interrupt"));
            Files.writeString(file(), "drain-timeout: 300ms\nprefetch: 8\n");
            assertThat(reload(service).output()).isEqualTo("in force now: drain-timeout; after a restart: prefetch");
            Files.writeString(file(), "drain-timeout: 1h\nwokers: 3\n");
            Ended refused = reload(service);
            assertThat(refused.exitCode()).isEqualTo(5);
            assertThat(refused.errors()).contains(file() + ":2: unknown setting 'wokers' (did you mean 'workers'?)");
            // The last time-out that was right is the one in force.
            assertThat(service.terminate()).isZero();
            assertThat(spinning.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void limits_and_workers_follow_the_file_while_tasks_run() throws Exception {
        Files.createDirectories(file().getParent());
        Path open = LeakCheck.workDirectory().resolve("open");
        Files.writeString(file(), "workers: 1\nqueue-limit: 1\n");
        try (Service service = Service.start("--config", file().toString());
                Program running = service.begin("submit", "gate", "--text", open.toString())) {
            awaitStatus(
                    service,
                    "one task runs",
                    status -> status.at("/workers/0/inFlight").asInt() == 1);
            try (Program waiting = service.begin("submit", "gate", "--text", open.toString())) {
                awaitStatus(
                        service,
                        "one task waits",
                        status -> status.at("/queue/depth").asInt() == 1);
                assertThat(service.run("submit", "echo", "--text", "x").errors())
                        .contains("1 of 1 tasks");

                Files.writeString(file(), "workers: 3\nqueue-limit: 50\nrun-timeout: 200ms\ngrace: 100ms\n");
                assertThat(reload(service).output().split(": ", 2)[1].split(", "))
                        .containsExactlyInAnyOrder("workers", "queue-limit", "run-timeout", "grace");
                awaitStatus(
                        service,
                        "so many serve, and the queue has that limit",
                        status -> status.get("workers").size() == 3
                                && status.get("workersTarget").asInt() == 3
                                && status.at("/queue/limit").asInt() == 50);
                // What had begun has the limit that it began with; the one that waited begins with the new one.
                assertThat(waiting.exitCode()).isEqualTo(3);
                assertThat(waiting.errorText()).contains("past its limit of 200ms");
                Files.createFile(open);
                assertThat(running.exitCode()).isZero();

                // Scaled by hand it stays so until the setting itself changes.
                service.run("scale", "2", "--run-dir", LeakCheck.runDirectory().toString());
                Files.writeString(file(), "workers: 3\nqueue-limit: 51\nrun-timeout: 200ms\ngrace: 100ms\n");
                assertThat(reload(service).output()).isEqualTo("in force now: queue-limit");
                awaitStatus(
                        service,
                        "it is as scaled",
                        status -> status.get("workersTarget").asInt() == 2);
            }
            assertThat(service.terminate()).isZero();
        }
    }

    private static void awaitStatus(Service service, String what, Predicate<JsonNode> condition) {
        Eventually.until(
                what,
                () -> condition.test(new ObjectMapper()
                        .readTree(service.run("status", "--json").output())));
    }

    @Test
    void log_in_json_tells_sighup_and_a_death_with_its_autopsy_in_a_line_each_and_no_payload() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "log-format: json\nlog-level: debug\n");
        try (Service service = Service.start("--config", file().toString())) {
            assertThat(service.run("submit", "echo", "--text", SECRET).output()).isEqualTo(SECRET);
            assertThat(service.run("submit", "halt", "--text", "3").exitCode()).isEqualTo(4);
            Files.writeString(file(), "log-format: json\nlog-level: debug\nwindow: 9\n");
            service.program.signal("HUP");
            service.program.line("in force now: window");
            assertThat(service.terminate()).isZero();
            assertThat(service.program.errorText()).doesNotContain(SECRET);
            List<JsonNode> deaths = new ArrayList<>();
            for (String line : service.program.errors()) {
                JsonNode json = new ObjectMapper().readTree(line);
                if (json.path("formattedMessage").asText().contains("reason=CRASHED")) {
                    deaths.add(json);
                }
            }
            assertThat(deaths).singleElement().satisfies(death -> {
                assertThat(death.path("level").asText()).isEqualTo("WARN");
                assertThat(death.path("mdc").path("worker").asText()).startsWith("w");
                assertThat(death.path("mdc").path("task").asText()).isNotEmpty();
                assertThat(death.path("formattedMessage").asText()).contains("exit=exit code 3", "name=halt", "lost=1");
            });
        }
    }
}
