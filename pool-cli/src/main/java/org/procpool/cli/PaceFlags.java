package org.procpool.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.Bench;
import org.procpool.bench.BenchException;
import org.procpool.bench.BenchFile;
import org.procpool.bench.BenchFile.RateStep;
import org.procpool.bench.BenchOptions;
import org.procpool.bench.BenchProgress;
import org.procpool.bench.BenchReport;
import org.procpool.bench.BenchResult;
import org.procpool.bench.HtmlReport;
import org.procpool.bench.Mixture;
import org.procpool.bench.RateSearch;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** How a service is measured: closed or open loop, how often, and where the results go. */
final class PaceFlags {

    /** So many tasks may be out before an open loop holds some back; they still count from when they were due. */
    private static final int OPEN_WINDOW = 10_000;

    private static final int CLOSED_WINDOW = 64;

    private static final Duration STEP_WARMUP = Duration.ofMillis(500);
    private static final int STEP_SECONDS = 2;
    private static final Duration P99 = Duration.ofMillis(10);

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Open loop: tasks are due at so many a second, and latency counts from when each was due.")
    private @Nullable Double rate;

    @Option(
            names = "--ramp",
            description =
                    "Looks for the highest rate of an open loop that keeps the p99 under --p99, then measures it.")
    private boolean ramp;

    @Option(names = "--p99", paramLabel = "D", description = "With --ramp: bound of the p99; default 10ms.")
    private @Nullable Duration p99;

    @Option(
            names = "--mix",
            paramLabel = "T:P*W,…",
            converter = MixtureReader.class,
            description =
                    "Tasks of several kinds, as TASK:PAYLOAD*WEIGHT; the payload of echo and reverse is a size, of"
                            + " others a text.")
    private @Nullable Mixture mixture;

    @Option(names = "--save", paramLabel = "FILE", description = "Keeps the results there, for 'bench compare'.")
    private @Nullable Path save;

    @Option(names = "--html", paramLabel = "FILE", description = "Writes a page with plots there.")
    private @Nullable Path html;

    boolean given() {
        return rate != null || ramp || p99 != null || mixture != null || save != null || html != null;
    }

    BenchOptions apply(BenchOptions options, LoadFlags load) {
        if (p99 != null && !ramp) {
            throw CliException.usage("--p99 is for --ramp");
        }
        if (ramp && rate != null) {
            throw CliException.usage("choose one of --rate and --ramp");
        }
        if (mixture != null && (load.task != null || load.payload != null)) {
            throw CliException.usage("--mix names tasks and payloads; leave out --task and --payload");
        }
        try {
            BenchOptions paced = PoolFlags.with(options, rate, BenchOptions::withPerSec);
            paced = PoolFlags.with(paced, mixture, BenchOptions::withMixture);
            return (ramp || rate != null) && load.window == null
                    ? paced.withWindow(Math.max(1, OPEN_WINDOW / paced.connections()))
                    : paced;
        } catch (IllegalArgumentException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
    }

    /** Measures, tells, and keeps what is to be kept. */
    int measure(Console console, BenchOptions options, int runs, boolean json) throws InterruptedException {
        Progress line = new Progress(console, "");
        try {
            if (ramp || rate != null) {
                warmUp(options, line);
            }
            List<RateStep> steps = ramp ? search(console, options, line) : List.of();
            double highest = RateSearch.highest(steps);
            if (ramp && highest == 0) {
                throw CliException.usage("not even the lowest rate, 63 a second, kept its p99 under --p99");
            }
            BenchOptions found = ramp ? options.withPerSec(highest) : options;
            List<BenchResult> results = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                results.add(Bench.run(found, progress -> show(line, progress)));
            }
            line.clear();
            console.print(BenchReport.of(results, steps, json));
            keep(BenchFile.of(results, steps));
            return results.stream().allMatch(result -> result.errors() == 0) ? ExitCode.OK : ExitCode.FAILED;
        } catch (BenchException e) {
            throw new CliException(ExitCode.UNREACHABLE, String.valueOf(e.getMessage()), e);
        } finally {
            line.clear();
        }
    }

    /** A service that has just started would begin with a backlog, and never get rid of it at some rates. */
    private static void warmUp(BenchOptions options, Progress line) throws BenchException, InterruptedException {
        BenchOptions closed = options.withPerSec(0)
                .withWindow(Math.min(options.window(), CLOSED_WINDOW))
                .withDuration(Duration.ofMillis(1));
        Bench.run(closed, progress -> show(line, progress));
    }

    private List<RateStep> search(Console console, BenchOptions options, Progress line)
            throws BenchException, InterruptedException {
        Duration bound = p99 == null ? P99 : p99;
        BenchOptions step = options.withWarmup(STEP_WARMUP).withDuration(Duration.ofSeconds(STEP_SECONDS));
        return RateSearch.run(step, bound.toNanos() / 1e3, done -> {
            line.clear();
            console.err().println(BenchReport.text(done));
        });
    }

    private void keep(BenchFile file) throws BenchException {
        if (save != null) {
            file.write(save);
        }
        if (html != null) {
            HtmlReport.write(html, List.of(new HtmlReport.Named("measured", file)));
        }
    }

    private static void show(Progress line, BenchProgress progress) {
        String phase = progress.warmingUp() ? "warming up, " : "";
        line.fraction(
                progress.elapsedSeconds() / progress.totalSeconds(),
                phase + Math.round(progress.perSec()) + " tasks/s");
    }

    static final class MixtureReader implements ITypeConverter<Mixture> {

        @Override
        public Mixture convert(String text) {
            return Mixture.parse(text);
        }
    }
}
