package org.procpool.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleConsumer;
import org.HdrHistogram.Histogram;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;

/**
 * Whether one depth of prefetch is right for tasks of all lengths: the same stream through a pool that hands a worker
 * one task at a time, one that may hand it up to a hundred, and one with the default, which chooses by itself.
 */
public final class RunTimeSweep {

    private static final int WINDOW = 256;
    /** Of tasks so long that a pool would need half a minute to end so many. */
    private static final int WINDOW_OF_LONG = 64;

    private static final int ROUNDS = 3;
    private static final Duration WARMUP = Duration.ofMillis(500);
    private static final int SHORT_AMONG = 99;
    private static final Set<String> LONG = Set.of("10ms", "100ms");
    private static final List<String> RUN_TIMES = List.of("0us", "10us", "100us", "1ms", "10ms", "100ms");

    private RunTimeSweep() {}

    /** Tasks of one length, with one depth. */
    public record Cell(double perSec, double p50Micros, double p99Micros) {

        static Cell of(double perSec, Histogram latency) {
            return new Cell(perSec, latency.getValueAtPercentile(50) / 1e3, latency.getValueAtPercentile(99) / 1e3);
        }

        static Cell median(List<Cell> rounds) {
            return new Cell(
                    Spread.of(rounds, Cell::perSec).median(),
                    Spread.of(rounds, Cell::p50Micros).median(),
                    Spread.of(rounds, Cell::p99Micros).median());
        }
    }

    /** Tasks of one length. */
    public record Row(String runTime, Cell one, Cell hundred, Cell adaptive) {

        /** The rate of the default, of the better of the two. */
        public double ratio() {
            return adaptive.perSec() / Math.max(one.perSec(), hundred.perSec());
        }
    }

    /**
     * Measures the depths by turns, {@value #ROUNDS} times; the medians count.
     *
     * @param options of the pools, with the handler {@code linger}
     * @param duration of each measurement
     * @param progress told the part that is done
     */
    public static List<Row> run(PoolOptions options, Duration duration, DoubleConsumer progress)
            throws BenchException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        List<String> names = new ArrayList<>(RUN_TIMES);
        names.add("1% 20ms, else 10us");
        try (ProcessPool one = pool(options.withPrefetchMax(1));
                ProcessPool hundred = pool(options.withPrefetchMax(100));
                ProcessPool adaptive = pool(options)) {
            for (String name : names) {
                rows.add(row(name, List.of(one, hundred, adaptive), duration));
                progress.accept((double) rows.size() / names.size());
            }
        }
        return rows;
    }

    private static Row row(String name, List<ProcessPool> pools, Duration duration)
            throws BenchException, InterruptedException {
        List<byte[]> payloads = payloads(name);
        int window = LONG.contains(name) ? WINDOW_OF_LONG : WINDOW;
        List<List<Cell>> cells = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < pools.size(); i++) {
                cells.get(i).add(cell(pools.get(i), payloads, window, duration));
            }
        }
        return new Row(name, Cell.median(cells.get(0)), Cell.median(cells.get(1)), Cell.median(cells.get(2)));
    }

    private static ProcessPool pool(PoolOptions options) {
        return ProcessPool.builder().options(options).build();
    }

    private static List<byte[]> payloads(String name) {
        if (RUN_TIMES.contains(name)) {
            return List.of(name.getBytes(StandardCharsets.UTF_8));
        }
        List<byte[]> mixed = new ArrayList<>(Collections.nCopies(SHORT_AMONG, "10us".getBytes(StandardCharsets.UTF_8)));
        mixed.add("20ms".getBytes(StandardCharsets.UTF_8));
        return mixed;
    }

    private static Cell cell(ProcessPool pool, List<byte[]> payloads, int window, Duration duration)
            throws BenchException, InterruptedException {
        Schedule schedule = Schedule.of(WARMUP, duration, System.nanoTime());
        LibraryLoad load = new LibraryLoad(pool, "linger", payloads, window, 1, true, schedule);
        load.start();
        double perSec = load.perSec();
        return Cell.of(perSec, load.join().latencyNanos);
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(List<Row> rows) {
        Lines text = new Lines();
        text.line(
                "tasks/s and p99 by run time and prefetch; window %d (10ms and more: %d), medians of %d",
                WINDOW, WINDOW_OF_LONG, ROUNDS);
        text.line("  %-20s %22s %22s %22s %7s", "run time", "1", "up to 100", "adaptive", "ratio");
        for (Row row : rows) {
            text.line(
                    "  %-20s %22s %22s %22s %7.2f",
                    row.runTime(), cell(row.one()), cell(row.hundred()), cell(row.adaptive()), row.ratio());
        }
        text.line("  ratio: adaptive / the better of the two");
        return text.toString();
    }

    private static String cell(Cell cell) {
        return String.format(Locale.ROOT, "%,.0f/s %s", cell.perSec(), HtmlReport.micros(cell.p99Micros()));
    }
}
