package org.procpool.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The Grafana dashboard of the compose file, as far as it can be judged without Grafana. */
class GrafanaTest {

    private static final Pattern METRIC = Pattern.compile("\\b(?:procpool|process)_[a-z_]+");
    private static final Pattern OF_A_HISTOGRAM = Pattern.compile("_(?:bucket|sum|count)$");
    private static final int COLUMNS = 24;

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(House.ROOT
                        .resolve("docker/grafana/dashboards/procpool.json")
                        .toFile());
    }

    @Test
    void panels_say_what_they_show_and_lie_beside_each_other() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asText()).as(title).isNotBlank();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).as(title).isLessThanOrEqualTo(COLUMNS);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertThat(cells.add(x + ":" + (place.path("y").asInt() + y)))
                            .as(title)
                            .isTrue();
                }
            }
        }
        assertThat(ids).isNotEmpty();
    }

    @Test
    void queries_ask_only_for_metrics_that_are_documented() throws IOException {
        Path metrics = House.ROOT.resolve("docs/metrics.md");
        Assumptions.assumeTrue(Files.exists(metrics), "metrics are not documented");
        String documented = Files.readString(metrics);
        Set<String> asked = new TreeSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher metric = METRIC.matcher(target.path("expr").asText());
                while (metric.find()) {
                    asked.add(OF_A_HISTOGRAM.matcher(metric.group()).replaceAll(""));
                }
            }
        }
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(metric -> assertThat(documented).contains("`" + metric + "`"));
    }
}
