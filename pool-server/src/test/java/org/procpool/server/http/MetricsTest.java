package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.DurationCounts;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.TaskCounts;

class MetricsTest {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private final FakeBackend backend = new FakeBackend();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = backend.serve(base);
        long[] buckets = new long[DurationCounts.ranges()];
        buckets[DurationCounts.rangeOf(2_000)] = 3;
        buckets[DurationCounts.rangeOf(30_000_000)] = 1;
        DurationCounts durations = new DurationCounts(buckets, 30_006_000);
        backend.counts = List.of(
                new TaskCounts("echo", Map.of(OutcomeKind.SUCCEEDED, 4L), durations, durations),
                new TaskCounts("idle", Map.of(), DurationCounts.none(), DurationCounts.none()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> scrape(String accept) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).header("Accept", accept).build(), BodyHandlers.ofString());
    }

    @Test
    void counts_of_the_pool_are_told_in_prometheus_terms() throws Exception {
        backend.quarantined = List.of(new QuarantinedTask("idle", "5 workers died", false, 1, 1));
        String page = scrape("text/plain").body();
        assertThat(page)
                .contains(
                        "procpool_task_quarantined{task=\"echo\"} 0.0\n",
                        "procpool_task_quarantined{task=\"idle\"} 1.0\n",
                        "procpool_tasks_total{outcome=\"succeeded\",task=\"echo\"} 4.0\n",
                        "procpool_tasks_total{outcome=\"timed_out\",task=\"idle\"} 0.0\n",
                        "procpool_tasks_rejected_total{reason=\"queue_full\"} 3.0\n",
                        "procpool_tasks_accepted_total 20.0\n",
                        "procpool_queue_tasks 5.0\n",
                        "procpool_queue_oldest_seconds 7.0\n",
                        "procpool_workers{state=\"busy\"} 1.0\n",
                        "procpool_worker_exits_total{reason=\"crashed\"} 2.0\n",
                        "procpool_worker_boot_seconds{worker=\"1\"} 0.101\n",
                        "procpool_pool_state{state=\"running\"} 1.0\n",
                        "jvm_memory_used_bytes{");
    }

    @Test
    void histogram_counts_each_duration_in_its_bucket_and_all_above() throws Exception {
        assertThat(scrape("text/plain").body())
                .contains(
                        "procpool_task_run_seconds_bucket{task=\"echo\",le=\"1.0E-6\"} 0\n",
                        "procpool_task_run_seconds_bucket{task=\"echo\",le=\"2.5E-6\"} 3\n",
                        "procpool_task_run_seconds_bucket{task=\"echo\",le=\"0.025\"} 3\n",
                        "procpool_task_run_seconds_bucket{task=\"echo\",le=\"0.05\"} 4\n",
                        "procpool_task_run_seconds_bucket{task=\"echo\",le=\"+Inf\"} 4\n",
                        "procpool_task_run_seconds_count{task=\"echo\"} 4\n",
                        "procpool_task_run_seconds_sum{task=\"echo\"} 0.030006\n")
                .doesNotContain("procpool_task_run_seconds_count{task=\"idle\"}");
    }

    @Test
    void open_metrics_is_spoken_with_those_who_ask_for_it() throws Exception {
        HttpResponse<String> response = scrape("application/openmetrics-text; version=1.0.0");
        assertThat(response.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void documentation_lists_exactly_what_the_endpoint_says() throws Exception {
        Map<String, String> live = new TreeMap<>();
        Matcher types = Pattern.compile("(?m)^# TYPE ((?:procpool|process_resident|process_cpu_seconds)\\S+) (\\S+)$")
                .matcher(scrape("text/plain").body());
        while (types.find()) {
            live.put(types.group(1), types.group(2));
        }
        Map<String, String> documented = new TreeMap<>();
        Matcher rows = Pattern.compile("(?m)^\\| `((?:procpool|process)_[a-z_]+)`[^|]*\\| (\\w+) \\|")
                .matcher(Files.readString(ROOT.resolve("docs/metrics.md")));
        while (rows.find()) {
            documented.put(rows.group(1), rows.group(2));
        }
        assertThat(documented).isEqualTo(live);
    }

    /** {@code bin/install-test-tools} brings it. */
    @Test
    void promtool_has_nothing_to_say_against_it() throws Exception {
        Process look = new ProcessBuilder("sh", "-c", "command -v promtool").start();
        Assumptions.assumeTrue(look.waitFor() == 0, "there is no promtool here");
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (OutputStream page = promtool.getOutputStream()) {
            page.write(scrape("text/plain").body().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(promtool.getInputStream()).asString(StandardCharsets.UTF_8).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    @Test
    void alert_rules_and_documentation_speak_of_metrics_that_there_are() throws Exception {
        String page = scrape("text/plain").body();
        for (String file : List.of("deploy/prometheus/procpool.rules.yml", "docs/metrics.md")) {
            Matcher names = Pattern.compile("\\b(?:procpool|process|jvm)_[a-z_]+\\b")
                    .matcher(Files.readString(ROOT.resolve(file)));
            while (names.find()) {
                assertThat(page).as(file).contains("\n" + names.group());
            }
        }
    }
}
