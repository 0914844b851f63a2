package org.procpool.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a flood of one client costs another: a polite client with a task or a few out at a time, alone, and while the
 * tasks of a second client wait in their hundreds of thousands. All tasks take equally long, so what is told apart is
 * the queue's justice and not the load: no task is interrupted for another, so the least that a busy worker costs is
 * the rest of what it runs.
 */
public final class FloodBench {

    private static final int FLOOD_MAX = 1_000_000;
    /** So much of it must wait before the polite client is measured beside it. */
    private static final double FLOODED = 0.98;

    private static final int LOOK_MILLIS = 50;
    private static final Duration FLOODING_MAX = Duration.ofMinutes(2);
    private static final Duration FOREVER = Duration.ofDays(1);

    private FloodBench() {}

    /**
     * What to measure.
     *
     * @param tasks of the flood, unfinished at a time
     * @param run how long each task takes, the polite ones too, from 1 ms
     */
    public record Plan(int tasks, Duration run) {

        /** Checks the ranges. */
        public Plan {
            if (tasks < 1 || tasks > FLOOD_MAX) {
                throw new IllegalArgumentException("flood is " + tasks + ", allowed is 1 to " + FLOOD_MAX);
            }
            if (run.toMillis() < 1) {
                throw new IllegalArgumentException("flood-run must be at least 1ms");
            }
        }

        private Mixture mixture() {
            return new Mixture(List.of(new Mixture.Kind("sleep", run.toMillis() + "ms", 1)));
        }
    }

    /**
     * What came of it.
     *
     * @param waiting tasks of the flood that still waited when the polite client was done
     */
    public record Report(Plan plan, int workers, BenchResult alone, BenchResult beside, int waiting) {

        /** Of the polite client's p99. */
        public double ratio() {
            return beside.p99Micros() / alone.p99Micros();
        }
    }

    /**
     * Measures.
     *
     * @param polite that client; its tasks are the plan's
     * @param waiting how many tasks wait in the service
     * @param progress told the part that is done
     */
    public static Report run(BenchOptions polite, Plan plan, int workers, IntSupplier waiting, DoubleConsumer progress)
            throws BenchException, InterruptedException {
        BenchOptions options = polite.withMixture(plan.mixture());
        BenchResult alone = measured(options);
        progress.accept(0.4);
        BenchOptions all =
                options.withWindow(plan.tasks()).withDuration(FOREVER).withWarmup(Duration.ZERO);
        AtomicReference<@Nullable BenchException> failure = new AtomicReference<>();
        Thread flood = new Thread(() -> flood(all, failure), "bench-flood");
        flood.start();
        try {
            long deadline = System.nanoTime() + FLOODING_MAX.toNanos();
            while (waiting.getAsInt() < FLOODED * plan.tasks()) {
                BenchException why = failure.get();
                if (why != null) {
                    throw why;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new BenchException("after " + FLOODING_MAX.toMinutes() + " minutes only " + waiting.getAsInt()
                            + " tasks of the flood wait");
                }
                flood.join(LOOK_MILLIS);
            }
            progress.accept(0.6);
            BenchResult beside = measured(options);
            return new Report(plan, workers, alone, beside, waiting.getAsInt());
        } finally {
            flood.interrupt();
            flood.join();
        }
    }

    private static BenchResult measured(BenchOptions options) throws BenchException, InterruptedException {
        BenchResult result = Bench.run(options, done -> {});
        if (result.errors() > 0) {
            throw new BenchException("the polite client's tasks went wrong: " + result.firstError());
        }
        return result;
    }

    private static void flood(BenchOptions options, AtomicReference<@Nullable BenchException> failure) {
        try {
            Bench.run(options, done -> {});
            failure.set(new BenchException("the flood has ended"));
        } catch (BenchException e) {
            failure.set(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(Report report) {
        Lines text = new Lines();
        text.line(
                "%s of one client waiting, each of %d ms; %s",
                Lines.plural(report.plan().tasks(), "task"),
                report.plan().run().toMillis(),
                Lines.plural(report.workers(), "worker"));
        text.line("  %-14s %10s %10s %10s %10s", "polite client", "tasks/s", "p50", "p99", "max");
        line(text, "alone", report.alone());
        line(text, "beside it", report.beside());
        text.line(
                "  p99 beside / alone %.2f; of the flood %,d still waited in the end",
                report.ratio(), report.waiting());
        return text.toString();
    }

    private static void line(Lines text, String name, BenchResult result) {
        text.line(
                "  %-14s %,10.0f %,7.0f us %,7.0f us %,7.0f us",
                name, result.perSec(), result.p50Micros(), result.p99Micros(), result.maxMicros());
    }

    /** One line, without a line feed. */
    public static String json(Report report) {
        return Json.object(json -> {
            json.writeNumberField("flood", report.plan().tasks());
            json.writeNumberField("runMillis", report.plan().run().toMillis());
            json.writeNumberField("workers", report.workers());
            json.writeNumberField("aloneP99Micros", Json.tenths(report.alone().p99Micros()));
            json.writeNumberField("besideP99Micros", Json.tenths(report.beside().p99Micros()));
            json.writeNumberField("ratio", Json.thousandths(report.ratio()));
            json.writeNumberField("waiting", report.waiting());
        });
    }
}
