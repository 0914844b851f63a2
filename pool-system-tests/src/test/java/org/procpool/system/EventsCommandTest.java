package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** What {@code procpool events} tells programs, and what becomes of a command that nobody reads any more. */
@ExtendWith(LeakCheck.class)
class EventsCommandTest {

    private static List<JsonNode> events(List<String> lines) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines) {
            events.add(new ObjectMapper().readTree(line));
        }
        return events;
    }

    @Test
    void each_event_is_an_object_on_a_line_of_its_own_as_it_happens() throws Exception {
        try (Service service = Service.start();
                Program following = service.begin("events", "--follow", "--json")) {
            following.line("\"event\":\"worker-ready\"");
            assertThat(service.run("submit", "halt", "--text", "3").exitCode()).isEqualTo(4);
            following.line("\"event\":\"worker-exited\"");
            following.line("\"event\":\"task-ended\"");

            Ended last = service.run("events", "--json");
            assertThat(last.exitCode()).isZero();
            assertThat(last.errors()).isEmpty();
            assertThat(events(last.output().lines().toList()))
                    .allSatisfy(event -> Instant.parse(event.path("at").asText()))
                    .anySatisfy(event -> {
                        assertThat(event.path("event").asText()).isEqualTo("worker-exited");
                        assertThat(event.path("reason").asText()).isEqualTo("CRASHED");
                        assertThat(event.path("pid").asLong()).isPositive();
                    })
                    .anySatisfy(event -> {
                        assertThat(event.path("event").asText()).isEqualTo("task-ended");
                        assertThat(event.path("task").asText()).isEqualTo("halt");
                        assertThat(event.path("outcome").asText()).isEqualTo("WORKER_LOST");
                    });

            assertThat(service.terminate()).isZero();
            // The stream ends in order, after the last that there was to tell.
            assertThat(following.exitCode()).isZero();
            assertThat(events(following.output()))
                    .extracting(event -> event.path("event").asText())
                    .contains("worker-exited", "task-ended", "pool-draining");
        }
    }

    @Test
    void output_that_nobody_reads_is_told_of_once() throws Exception {
        try (Service service = Service.start()) {
            List<String> words = new ArrayList<>(List.of("bash", "-c", "\"$@\" | :; exit ${PIPESTATUS[0]}", "bash"));
            words.addAll(Cli.words(false, "events"));
            ProcessBuilder piped = new ProcessBuilder(words);
            piped.environment().putAll(service.environment());
            try (Program command = Program.start(piped)) {
                assertThat(command.exitCode()).isEqualTo(1);
                assertThat(command.errorText()).isEqualTo("procpool: cannot write to standard output: Broken pipe");
            }
            assertThat(service.terminate()).isZero();
        }
    }
}
