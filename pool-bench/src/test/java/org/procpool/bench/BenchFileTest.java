package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchFileTest {

    private static final long STALL_NANOS = 200_000_000;

    @TempDir
    private Path directory;

    @Test
    void open_loop_is_measured_kept_and_shown() throws Exception {
        BenchFile file = measured(2000);
        Path saved = directory.resolve("a.json");
        file.write(saved);

        assertThat(BenchFile.read(saved)).isEqualTo(file);
        BenchFile.Run run = file.runs().get(0);
        assertThat(run.errors()).isZero();
        // All that were due, give or take those at the edges.
        assertThat(run.completed()).isBetween(500L, 1300L);
        assertThat(run.trace().percentiles()).isNotEmpty();
        assertThat(run.trace().moments()).hasSize(10);
        assertThat(run.trace().moments().stream()
                        .mapToDouble(Trace.Moment::perSec)
                        .sum())
                .isPositive();

        String page = HtmlReport.page(List.of(new HtmlReport.Named("a <b>", file), new HtmlReport.Named("c", file)));
        assertThat(page).contains("<svg", "Latency by percentile", "a &lt;b>").doesNotContain("@style@", "http");
    }

    @Test
    void stall_of_the_service_shows_in_all_tasks_that_were_due_meanwhile() throws Exception {
        try (FakeService service = new FakeService(List.of("echo"), submit -> {
            if (submit.correlation() == 400) {
                stall();
            }
            return FakeService.succeeded(submit, submit.payload());
        })) {
            BenchResult result = Bench.run(options(service).withPerSec(1000), progress -> {});

            // Of 500 tasks some 200 were due in the stall, and half of those wait 100 ms or more.
            assertThat(result.errors()).isZero();
            assertThat(result.p90Micros()).isGreaterThan(50_000);
        }
    }

    @Test
    void same_runs_differ_in_nothing_and_faster_ones_are_better() throws Exception {
        BenchFile file = measured(1000);

        assertThat(CompareReport.lines(file, file))
                .allSatisfy(line -> assertThat(line.verdict()).isEqualTo("within the runs"));
        assertThat(CompareReport.text("a", file, "b", file)).contains("rate", "+0.0%", "within the runs");
    }

    @Test
    void other_files_are_refused_with_a_sentence() throws Exception {
        Path other = Files.writeString(directory.resolve("x"), "{\"format\":9}");

        assertThatThrownBy(() -> BenchFile.read(other))
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith(other + " is not a result of 'procpool bench --save'");
    }

    /** parkNanos may return early. */
    private static void stall() {
        long end = System.nanoTime() + STALL_NANOS;
        for (long left = STALL_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static BenchFile measured(double perSec) throws Exception {
        try (FakeService service =
                new FakeService(List.of("echo"), submit -> FakeService.succeeded(submit, submit.payload()))) {
            BenchResult result = Bench.run(options(service).withPerSec(perSec).withConnections(2), progress -> {});
            return BenchFile.of(List.of(result), List.of());
        }
    }

    private static BenchOptions options(FakeService service) {
        return BenchOptions.defaults(service.address())
                .withWindow(10_000)
                .withWarmup(Duration.ofMillis(200))
                .withDuration(Duration.ofMillis(500));
    }
}
