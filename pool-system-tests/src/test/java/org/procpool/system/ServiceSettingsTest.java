package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        Files.writeString(file(), "drain-timeout: 5m\nqueue-limit: 7\n");
        try (Service service = Service.start("--config", file().toString());
                Program spinning = service.begin("submit", "ignore-interrupt")) {
            Eventually.until("it runs", () -> service.run("tasks").output().contains("ignore-interrupt"));
            Files.writeString(file(), "drain-timeout: 300ms\nqueue-limit: 8\n");
            assertThat(reload(service).output()).isEqualTo("in force now: drain-timeout; after a restart: queue-limit");
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
