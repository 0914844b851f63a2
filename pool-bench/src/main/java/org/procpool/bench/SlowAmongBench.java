package org.procpool.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.task.Outcome;

/**
 * What slow tasks cost those beside them: a closed loop of tiny tasks through an embedded pool, without and with slow
 * ones that land at random moments in the stream. Each slow one takes its worker for its whole run; what should be left
 * is the rate of the others, in proportion.
 */
public final class SlowAmongBench {

    private static final int PAYLOAD_BYTES = 100;
    private static final long SEED = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** However the slow ones land. */
    private static final int WORKERS_LEFT = 2;
    /** The last slow one lands when so much of the measured time is over. */
    private static final double LANDING = 0.8;

    private SlowAmongBench() {}

    /**
     * What to measure.
     *
     * @param slow how many tasks, from 1
     * @param slowRun how long each of them sleeps
     * @param window unfinished tiny tasks
     * @param duration of the part with slow tasks; those without take half of it each
     */
    public record Plan(int slow, Duration slowRun, int window, Duration duration, Duration warmup) {

        /** Checks the ranges. */
        public Plan {
            if (slow < 1 || slow > 10_000) {
                throw new IllegalArgumentException("slow-among is " + slow + ", allowed is 1 to 10000");
            }
        }
    }

    /** The tiny tasks of one part. */
    public record Part(double perSec, double p50Micros, double p99Micros, double p999Micros, double maxMicros) {}

    /**
     * What came of it.
     *
     * @param before without slow tasks, as is {@code after}
     * @param workersLeft of all workers those that ran no slow task, on average over the measured time
     * @param slowWaitMaxMicros longest time that a slow task waited for its own start
     */
    public record Report(
            Plan plan, int workers, Part before, Part with, Part after, double workersLeft, double slowWaitMaxMicros) {

        /** Of the rate without slow tasks. */
        public double ratio() {
            return 2 * with.perSec() / (before.perSec() + after.perSec());
        }

        /** Of the rate that is left in proportion to the workers. */
        public double proportion() {
            return ratio() * workers / workersLeft;
        }
    }

    /**
     * Measures.
     *
     * @param options of the pool, with the handlers {@code echo} and {@code sleep}
     * @param progress told the part that is done
     */
    public static Report run(PoolOptions options, Plan plan, DoubleConsumer progress)
            throws BenchException, InterruptedException {
        if (options.workers() <= WORKERS_LEFT) {
            throw new IllegalArgumentException("workers is " + options.workers() + ", at least " + (WORKERS_LEFT + 1)
                    + " are needed: two are always left to the tiny tasks");
        }
        try (ProcessPool pool = ProcessPool.builder().options(options).build()) {
            new Stream(pool, plan, plan.warmup(), plan.duration().dividedBy(10)).end();
            Part before = new Stream(pool, plan, PAUSE, plan.duration().dividedBy(2)).end();
            progress.accept(0.4);
            Stream stream = new Stream(pool, plan, PAUSE, plan.duration());
            long[] landings = landings(plan, options.workers() - WORKERS_LEFT);
            List<CompletableFuture<Outcome>> slow = land(pool, plan, landings, stream.schedule);
            Part with = stream.end();
            progress.accept(0.8);
            for (CompletableFuture<Outcome> task : slow) {
                outcome(task);
            }
            Part after = new Stream(pool, plan, PAUSE, plan.duration().dividedBy(2)).end();
            double busyNanos = 0;
            double waitMicros = 0;
            for (CompletableFuture<Outcome> task : slow) {
                waitMicros = Math.max(waitMicros, outcome(task).queuedNanos() / 1e3);
            }
            for (long at : landings) {
                busyNanos += Math.max(
                        0, Math.min(plan.slowRun().toNanos(), plan.duration().toNanos() - at));
            }
            double left = options.workers() - busyNanos / plan.duration().toNanos();
            return new Report(plan, options.workers(), before, with, after, left, waitMicros);
        }
    }

    /** The tiny tasks. */
    private static final class Stream {

        final Schedule schedule;
        final LibraryLoad load;

        Stream(ProcessPool pool, Plan plan, Duration warmup, Duration duration) {
            schedule = Schedule.of(warmup, duration, System.nanoTime());
            List<byte[]> payloads = List.of(Workload.letters(PAYLOAD_BYTES));
            load = new LibraryLoad(pool, "echo", payloads, plan.window(), 1, true, schedule);
            load.start();
        }

        Part end() throws BenchException, InterruptedException {
            double perSec = load.perSec();
            var latency = load.join().latencyNanos;
            return new Part(
                    perSec,
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    latency.getValueAtPercentile(99.9) / 1e3,
                    latency.getMaxValue() / 1e3);
        }
    }

    /**
     * When they land, from the beginning of the measured time; ascending.
     *
     * @param atOnce no more than so many run at the same time: where more would, the next waits for the first to end
     */
    static long[] landings(Plan plan, int atOnce) {
        long[] landings = new Random(SEED)
                .doubles(plan.slow())
                .mapToLong(at -> (long) (at * LANDING * plan.duration().toNanos()))
                .sorted()
                .toArray();
        long slack = PAUSE.toNanos();
        for (int i = atOnce; i < landings.length; i++) {
            landings[i] =
                    Math.max(landings[i], landings[i - atOnce] + plan.slowRun().toNanos() + slack);
        }
        return landings;
    }

    private static List<CompletableFuture<Outcome>> land(
            ProcessPool pool, Plan plan, long[] landings, Schedule schedule) {
        List<CompletableFuture<Outcome>> slow = new ArrayList<>();
        String sleep = plan.slowRun().toMillis() + "ms";
        for (long at : landings) {
            long delay = schedule.measureFrom() + at - System.nanoTime();
            slow.add(CompletableFuture.supplyAsync(
                            () -> pool.submit("sleep", sleep),
                            CompletableFuture.delayedExecutor(Math.max(0, delay), TimeUnit.NANOSECONDS))
                    .thenCompose(task -> task));
        }
        return slow;
    }

    private static Outcome outcome(CompletableFuture<Outcome> task) throws BenchException, InterruptedException {
        try {
            Outcome outcome = task.get(1, TimeUnit.MINUTES);
            if (!outcome.succeeded()) {
                throw new BenchException("a slow task ended as " + outcome.kind());
            }
            return outcome;
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("a slow task has no outcome", e);
        }
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(Report report) {
        Lines text = new Lines();
        Plan plan = report.plan();
        text.line(
                "%d tasks of %.1f s at random among tiny ones, within %.0f s: %s, window %d",
                plan.slow(),
                plan.slowRun().toMillis() / 1e3,
                (double) plan.duration().toNanos() / NANOS_PER_SECOND,
                Lines.plural(report.workers(), "worker"),
                plan.window());
        text.line("  %-14s %10s %10s %10s %10s %10s", "tiny tasks", "tasks/s", "p50", "p99", "p99.9", "max");
        part(text, "before", report.before());
        part(text, "with slow ones", report.with());
        part(text, "after", report.after());
        text.line(
                "  rate with / without %.2f; %.1f of %d workers were left on average: %.2f of what is their share",
                report.ratio(), report.workersLeft(), report.workers(), report.proportion());
        text.line("  longest wait of a slow one for its own start %.1f ms", report.slowWaitMaxMicros() / 1e3);
        return text.toString();
    }

    private static void part(Lines text, String name, Part part) {
        text.line(
                "  %-14s %,10.0f %,7.0f us %,7.0f us %,7.0f us %,7.0f us",
                name, part.perSec(), part.p50Micros(), part.p99Micros(), part.p999Micros(), part.maxMicros());
    }

    /** One line, without a line feed. */
    public static String json(Report report) {
        return Json.object(json -> {
            json.writeNumberField("slow", report.plan().slow());
            json.writeNumberField("workers", report.workers());
            json.writeNumberField("workersLeft", Json.tenths(report.workersLeft()));
            json.writeNumberField("ratio", Json.thousandths(report.ratio()));
            json.writeNumberField("proportion", Json.thousandths(report.proportion()));
            json.writeNumberField("slowWaitMaxMicros", Json.tenths(report.slowWaitMaxMicros()));
            for (var entry : List.of(
                    new Named("before", report.before()),
                    new Named("with", report.with()),
                    new Named("after", report.after()))) {
                json.writeObjectFieldStart(entry.name());
                json.writeNumberField("perSec", Json.tenths(entry.part().perSec()));
                json.writeNumberField("p50Micros", Json.tenths(entry.part().p50Micros()));
                json.writeNumberField("p99Micros", Json.tenths(entry.part().p99Micros()));
                json.writeNumberField("p999Micros", Json.tenths(entry.part().p999Micros()));
                json.writeNumberField("maxMicros", Json.tenths(entry.part().maxMicros()));
                json.writeEndObject();
            }
        });
    }

    private record Named(String name, Part part) {}
}
