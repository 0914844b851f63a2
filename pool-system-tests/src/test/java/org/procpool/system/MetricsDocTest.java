package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Document.Section;

/**
 * What docs/metrics.md tells people to type, typed. That there is each metric which it speaks of, in its queries too,
 * is MetricsTest's to see.
 */
@ExtendWith(LeakCheck.class)
class MetricsDocTest {

    @Test
    void every_command_of_the_document_does_what_it_says() throws Exception {
        Map<String, String> small = Map.of("PROCPOOL_WORKERS", "1", "PROCPOOL_SPARES", "0");
        try (Shell shell = new Shell("a", small)) {
            shell.serve("procpool serve");
            Document.follow(
                    "docs/metrics.md",
                    Map.of("Metrics", section -> scrape(shell, section), "Questions", MetricsDocTest::queries));
        }
    }

    private static void scrape(Shell shell, Section section) throws Exception {
        assertThat(shell.type(section.next().commands().get(0).command()))
                .contains("procpool_tasks_accepted_total 0.0");
        String target = section.shown().replaceAll("(?s).*targets: \\[\"(.*?)\"\\].*", "$1");
        assertThat(shell.type("curl -s http://" + target + "/metrics")).contains("procpool_build_info");
    }

    private static void queries(Section section) throws Exception {
        for (int i = 0; i < 4; i++) {
            section.shown();
        }
        assertThat(Files.readString(
                        Cli.ROOT.resolve("pool-server/src/test/java/org/procpool/server/http/MetricsTest.java")))
                .contains("alert_rules_and_documentation_speak_of_metrics_that_there_are");
    }
}
