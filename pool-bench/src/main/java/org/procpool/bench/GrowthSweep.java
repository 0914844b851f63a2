package org.procpool.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * More connections, and more workers: what the highest rate is then, with the same number of tasks out; and, at a rate
 * that all of them can hold, whether anybody notices.
 */
public final class GrowthSweep {

    private static final List<Setting> SETTINGS = List.of(
            new Setting(2, 1), new Setting(2, 100), new Setting(2, 2000), new Setting(8, 1), new Setting(64, 1));
    private static final int WINDOW = 1000;
    /** An open loop has as many out as it takes. */
    private static final int OPEN_WINDOW_MIN = 16;
    /** A quarter of what the slowest setting does on two busy processors. */
    private static final double OPEN_PER_SEC = 2_000;

    private static final Duration WARMUP_MIN = Duration.ofSeconds(10);
    /** Every JVM compiles for itself, and they share the processors. */
    private static final Duration WARMUP_PER_WORKER = Duration.ofSeconds(1);

    private static final double KIB_PER_MIB = 1024;

    private GrowthSweep() {}

    private record Setting(int workers, int connections) {

        @Override
        public String toString() {
            return Lines.plural(workers, "worker") + ", " + Lines.plural(connections, "connection");
        }

        Duration warmup() {
            Duration all = WARMUP_PER_WORKER.multipliedBy(workers);
            return all.compareTo(WARMUP_MIN) < 0 ? WARMUP_MIN : all;
        }
    }

    /**
     * Measures each setting on a service of its own.
     *
     * @param duration of each of the two loops, after the warm-up
     * @param progress told the part that is done
     */
    public static String run(ServiceSweep.Starter starter, Duration duration, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        Lines text = new Lines();
        text.line("echo, 100 bytes; first %,d tasks out, then %,.0f tasks/s", WINDOW, OPEN_PER_SEC);
        text.line(
                "  %-27s %11s %15s %9s %9s %9s %9s %7s %17s",
                "", "tasks/s", "processor/task", "p50", "p99", "then p50", "p99", "errors", "supervisor, peak");
        for (int i = 0; i < SETTINGS.size(); i++) {
            Setting setting = SETTINGS.get(i);
            try (ServiceSweep.Service service = starter.start(setting.workers())) {
                measure(setting, service, duration, text);
            }
            progress.accept((i + 1.0) / SETTINGS.size());
        }
        return text.toString();
    }

    private static void measure(Setting setting, ServiceSweep.Service service, Duration duration, Lines text)
            throws BenchException, IOException, InterruptedException {
        BenchOptions closed = service.options()
                .withConnections(setting.connections())
                .withWindow(Math.max(1, WINDOW / setting.connections()))
                .withWarmup(Duration.ZERO);
        BenchOptions open = closed.withPerSec(OPEN_PER_SEC).withWindow(Math.max(OPEN_WINDOW_MIN, closed.window()));
        Bench.run(closed.withDuration(setting.warmup()), ignored -> {});
        long before = ProcessStat.familyCpuMillis(service.pid());
        BenchResult most = Bench.run(closed.withDuration(duration), ignored -> {});
        double micros = (ProcessStat.familyCpuMillis(service.pid()) - before) * 1e3;
        BenchResult paced = Bench.run(open.withDuration(duration), ignored -> {});
        text.line(
                "  %-27s %,11.0f %12.1f µs %9s %9s %9s %9s %7d %13.0f MiB",
                setting,
                most.perSec(),
                micros / Math.max(1, most.completed()),
                HtmlReport.micros(most.p50Micros()),
                HtmlReport.micros(most.p99Micros()),
                HtmlReport.micros(paced.p50Micros()),
                HtmlReport.micros(paced.p99Micros()),
                most.errors() + paced.errors(),
                ProcessStat.of(service.pid()).residentPeakKib() / KIB_PER_MIB);
    }
}
