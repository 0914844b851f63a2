package org.procpool.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;

/** How fast a pool is that is embedded in the caller's own JVM; each future is completed off the pool's loop. */
public final class LibraryBench {

    private static final int TIMED_WINDOW_MAX = 64;

    private LibraryBench() {}

    /**
     * What to measure.
     *
     * @param window unfinished tasks of all callers together
     * @param callers how many threads submit, one measurement for each number
     * @param runs of each, from 1
     */
    public record Plan(
            String task,
            int payloadBytes,
            int window,
            List<Integer> callers,
            Duration duration,
            Duration warmup,
            int runs) {

        /** Checks the ranges. */
        public Plan {
            callers = List.copyOf(callers);
            if (window < 1 || callers.stream().anyMatch(count -> count < 1 || count > window)) {
                throw new IllegalArgumentException(
                        "window is " + window + " for " + callers + " callers; each needs at least one task of it");
            }
            if (runs < 1) {
                throw new IllegalArgumentException("runs is " + runs + ", it must be at least 1");
            }
        }
    }

    /** With so many callers. */
    public record AtCallers(int callers, Spread perSec, Spread p50Micros, Spread p99Micros) {}

    /** What came of it. */
    public record Report(Plan plan, int workers, List<AtCallers> callers) {

        public Report {
            callers = List.copyOf(callers);
        }
    }

    /**
     * Measures.
     *
     * @param options of the pool, whose handlers must have the task and answer it with as many bytes
     * @param progress told the part that is done
     */
    public static Report run(PoolOptions options, Plan plan, DoubleConsumer progress)
            throws BenchException, InterruptedException {
        List<byte[]> payloads = List.of(Workload.letters(plan.payloadBytes()));
        List<AtCallers> all = new ArrayList<>();
        try (ProcessPool pool = ProcessPool.builder().options(options).build()) {
            for (int callers : plan.callers()) {
                List<Speed> speeds = new ArrayList<>();
                for (int i = 0; i < plan.runs(); i++) {
                    speeds.add(measure(pool, plan, payloads, callers));
                    progress.accept((all.size() * plan.runs() + i + 1.0)
                            / (plan.callers().size() * plan.runs()));
                }
                all.add(new AtCallers(
                        callers,
                        Spread.of(speeds, Speed::perSec),
                        Spread.of(speeds, Speed::p50Micros),
                        Spread.of(speeds, Speed::p99Micros)));
            }
        }
        return new Report(plan, options.workers(), all);
    }

    private static Speed measure(ProcessPool pool, Plan plan, List<byte[]> payloads, int callers)
            throws BenchException, InterruptedException {
        Schedule schedule = Schedule.of(plan.warmup(), plan.duration(), System.nanoTime());
        boolean timedAll = plan.window() <= TIMED_WINDOW_MAX;
        LibraryLoad load = new LibraryLoad(pool, plan.task(), payloads, plan.window(), callers, timedAll, schedule);
        load.start();
        try {
            double perSec = load.perSec();
            return Speed.of(perSec, load.join());
        } finally {
            load.stop();
        }
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(Report report) {
        Lines text = new Lines();
        Plan plan = report.plan();
        text.line(
                "library: %s, %,d bytes, window %,d, %s; futures are completed off the loop",
                plan.task(), plan.payloadBytes(), plan.window(), Lines.plural(report.workers(), "worker"));
        text.line("  %7s %32s %12s %12s", "", "tasks/s", "p50", "p99");
        text.line("  %7s %10s %10s %10s %12s %12s", "callers", "lowest", "median", "highest", "median", "median");
        for (AtCallers at : report.callers()) {
            text.line(
                    "  %7d %,10.0f %,10.0f %,10.0f %,9.0f us %,9.0f us",
                    at.callers(),
                    at.perSec().min(),
                    at.perSec().median(),
                    at.perSec().max(),
                    at.p50Micros().median(),
                    at.p99Micros().median());
        }
        return text.toString();
    }

    /** One line, without a line feed. */
    public static String json(Report report) {
        Plan plan = report.plan();
        return Json.object(json -> {
            json.writeStringField("task", plan.task());
            json.writeNumberField("payload", plan.payloadBytes());
            json.writeNumberField("window", plan.window());
            json.writeNumberField("workers", report.workers());
            json.writeArrayFieldStart("library");
            for (AtCallers at : report.callers()) {
                json.writeStartObject();
                json.writeNumberField("callers", at.callers());
                Json.spread(json, "perSec", at.perSec());
                Json.spread(json, "p50Micros", at.p50Micros());
                Json.spread(json, "p99Micros", at.p99Micros());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
