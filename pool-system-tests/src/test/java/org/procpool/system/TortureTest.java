package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The proof command, in short. That its verifier finds what is wrong is shown where the verifier is. */
@ExtendWith(LeakCheck.class)
@Timeout(300)
class TortureTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLS = 20;

    /** With a directory for temporary files of the test's own, to see that nothing is left in it. */
    private static Program torture(String... options) throws Exception {
        String[] words = Stream.concat(Stream.of("torture"), Stream.of(options)).toArray(String[]::new);
        return Cli.start(Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + LeakCheck.workDirectory()), words);
    }

    private static JsonNode result(String... options) throws Exception {
        try (Program torture = torture(options)) {
            torture.input().close();
            int exitCode = torture.exitCode();
            JsonNode result = JSON.readTree(torture.text());
            assertThat(exitCode)
                    .as("%s\n%s", torture.text(), torture.errorText())
                    .isZero();
            assertThat(result.at("/verdict/holds").asBoolean())
                    .as(torture.text())
                    .isTrue();
            assertThat(left()).isEmpty();
            return result;
        }
    }

    private static List<String> left() throws Exception {
        try (Stream<Path> files = Files.list(LeakCheck.workDirectory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("procpool-torture-"))
                    .toList();
        }
    }

    @Test
    void every_way_to_die_costs_at_most_one_task_by_the_handlers_own_records() throws Exception {
        JsonNode result = result("--json", "--kills", Integer.toString(KILLS), "--workers", "3");
        assertThat(result.at("/witnessed").asBoolean()).isTrue();
        assertThat(result.at("/deaths")).hasSize(KILLS);
        assertThat(result.at("/deaths").findValuesAsText("way"))
                .contains("KILL", "SEGV", "KILL unseen", "halt", "STOP+KILL", "close", "time-out");
        for (JsonNode death : result.at("/deaths")) {
            assertThat(death.at("/lost").asInt()).as("%s", death).isBetween(0, 1);
        }
        assertThat(result.at("/verdict/lost").asLong())
                .isEqualTo(result.at("/totals/lost").asLong());
        assertThat(result.at("/totals/tasks").asLong()).isGreaterThan(600);
    }

    @Test
    void without_recorder_no_worker_has_more_than_one_task_in_flight() throws Exception {
        JsonNode result = result("--json", "--kills", "6", "--workers", "2", "--recorder", "off");
        for (JsonNode death : result.at("/deaths")) {
            assertThat(death.at("/inFlight").asInt()).as("%s", death).isBetween(0, 1);
        }
    }

    @Test
    void users_own_task_is_tortured_from_outside() throws Exception {
        JsonNode result =
                result("--json", "--kills", "4", "--workers", "2", "--task", "sha256", "--text", "one of yours");
        assertThat(result.at("/witnessed").asBoolean()).isFalse();
        assertThat(result.at("/totals/outcomes/SUCCEEDED").asLong()).isPositive();
        assertThat(result.at("/deaths").findValuesAsText("way"))
                .containsOnly("KILL", "KILL unseen", "SEGV", "STOP+KILL");
    }

    @Test
    void interrupt_ends_it_and_leaves_nothing_behind() throws Exception {
        try (Program torture = torture("--kills", "10000")) {
            torture.line("KILL");
            torture.signal("INT");
            assertThat(torture.exitCode()).isEqualTo(1);
            assertThat(torture.errorText()).contains("of 10000 deaths; nothing is proved, nothing is left behind");
            assertThat(left()).isEmpty();
        }
    }

    @Test
    void task_that_the_workers_do_not_have_is_named_before_anybody_dies() throws Exception {
        try (Program torture = torture("--task", "sha265")) {
            assertThat(torture.exitCode()).isEqualTo(1);
            assertThat(torture.errorText()).contains("'sha265'", "REJECTED");
            assertThat(torture.text()).isEmpty();
        }
    }
}
