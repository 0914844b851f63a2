package org.procpool.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.procpool.bench.BenchFile.RateStep;
import org.procpool.bench.BenchFile.Run;
import org.procpool.bench.Plot.Scale;

/** One or two files of measurements as a page that needs nothing but itself: style and plots are in it. */
public final class HtmlReport {

    private static final List<Double> PERCENTILES = List.of(0.0, 50.0, 90.0, 99.0, 99.9, 99.99, 99.999);

    private HtmlReport() {}

    /** A file of measurements and what it is called. */
    public record Named(String name, BenchFile file) {}

    /** Writes the page; what was there before is gone. */
    public static void write(Path to, List<Named> files) throws BenchException {
        try {
            Files.writeString(to, page(files));
        } catch (IOException e) {
            throw new BenchException("cannot write " + to + " (" + e.getMessage() + ")", e);
        }
    }

    static String page(List<Named> files) {
        StringBuilder cards = new StringBuilder();
        card(cards, "Latency by percentile", "So much of the tasks took at most so long.", percentiles(files));
        card(
                cards,
                "Rate over time",
                "Results a second, warm-up left out.",
                overTime(files, Trace.Moment::perSec, Scale.LINEAR));
        card(
                cards,
                "Latency over time, median",
                "Of what ended in each piece of the time.",
                overTime(files, Trace.Moment::p50Micros, Scale.LOG));
        card(
                cards,
                "Latency over time, p99",
                "A stall shows as a peak here and a gap in the rate.",
                overTime(files, Trace.Moment::p99Micros, Scale.LOG));
        card(cards, "Rate sweep", "Latency when tasks are due at that rate, open loop.", sweep(files));
        return resource("report.html")
                .replace("@style@", resource("report.css"))
                .replace("@title@", escaped(files.get(0).file().title()))
                .replace("@made@", escaped(made(files)))
                .replace("@machine@", escaped(files.get(0).file().machine().toString()))
                .replace("@tiles@", tiles(files))
                .replace("@cards@", cards)
                .replace("@table@", table(files));
    }

    private static String made(List<Named> files) {
        return String.join(
                " and ",
                files.stream()
                        .map(named -> named.name() + " of " + named.file().madeAt())
                        .toList());
    }

    private static void card(StringBuilder cards, String title, String note, Plot plot) {
        String svg = plot.svg();
        if (!svg.isEmpty()) {
            cards.append("<section class='card'><h2>")
                    .append(title)
                    .append("</h2><p class='note'>")
                    .append(note)
                    .append("</p>")
                    .append(svg)
                    .append("</section>\n");
        }
    }

    private static Plot percentiles(List<Named> files) {
        Plot plot = new Plot(
                "percentile",
                percentile -> -Math.log10(Math.max(1e-7, 1 - percentile / 100)),
                PERCENTILES,
                percentile -> String.format(Locale.ROOT, "%s%%", trimmed(percentile, 4)),
                Scale.LOG,
                HtmlReport::micros);
        eachRun(
                files,
                (name, colour, run) -> plot.add(
                        name,
                        colour,
                        run.trace().percentiles().stream()
                                .filter(point -> point.percentile() < 100)
                                .map(point -> new double[] {point.percentile(), point.micros()})
                                .toList()));
        return plot;
    }

    private static Plot overTime(List<Named> files, ToDoubleFunction<Trace.Moment> value, Scale scale) {
        Plot plot = new Plot(
                "seconds",
                seconds -> seconds,
                List.of(),
                seconds -> trimmed(seconds, 2),
                scale,
                scale == Scale.LOG ? HtmlReport::micros : HtmlReport::count);
        eachRun(
                files,
                (name, colour, run) -> plot.add(
                        name,
                        colour,
                        run.trace().moments().stream()
                                .map(moment -> new double[] {moment.atSeconds(), value.applyAsDouble(moment)})
                                .toList()));
        return plot;
    }

    private static Plot sweep(List<Named> files) {
        Plot plot = new Plot("due a second", rate -> rate, List.of(), HtmlReport::count, Scale.LOG, HtmlReport::micros);
        int colour = 0;
        for (Named named : files) {
            List<RateStep> steps = named.file().sweep().stream()
                    .sorted((a, b) -> Double.compare(a.duePerSec(), b.duePerSec()))
                    .toList();
            String prefix = files.size() > 1 ? named.name() + ", " : "";
            plot.add(prefix + "p50", colour++, sweep(steps, RateStep::p50Micros));
            plot.add(prefix + "p99", colour++, sweep(steps, RateStep::p99Micros));
        }
        return plot;
    }

    private static List<double[]> sweep(List<RateStep> steps, ToDoubleFunction<RateStep> value) {
        return steps.stream()
                .map(step -> new double[] {step.duePerSec(), value.applyAsDouble(step)})
                .toList();
    }

    private interface EachRun {
        void accept(String name, int colour, Run run);
    }

    /** One file: a colour a run. Two: a colour a file, and its median run only. */
    private static void eachRun(List<Named> files, EachRun action) {
        if (files.size() == 1) {
            List<Run> runs = files.get(0).file().runs();
            for (int i = 0; i < runs.size(); i++) {
                action.accept("run " + (i + 1), i, runs.get(i));
            }
            return;
        }
        for (int i = 0; i < files.size(); i++) {
            List<Run> sorted = files.get(i).file().runs().stream()
                    .sorted((a, b) -> Double.compare(a.perSec(), b.perSec()))
                    .toList();
            action.accept(files.get(i).name(), i, sorted.get(sorted.size() / 2));
        }
    }

    private static String tiles(List<Named> files) {
        StringBuilder tiles = new StringBuilder();
        BenchFile last = files.get(files.size() - 1).file();
        tile(tiles, "tasks a second", last.of(Run::perSec), HtmlReport::count);
        tile(tiles, "p50", last.of(Run::p50Micros), HtmlReport::micros);
        tile(tiles, "p99", last.of(Run::p99Micros), HtmlReport::micros);
        tile(tiles, "p99.9", last.of(Run::p999Micros), HtmlReport::micros);
        double highest = RateSearch.highest(last.sweep());
        if (highest > 0) {
            tiles.append("<div class='tile'><b>").append(count(highest)).append("/s</b>highest rate that held</div>");
        }
        return tiles.toString();
    }

    private static void tile(StringBuilder tiles, String name, Spread spread, Function<Double, String> text) {
        tiles.append("<div class='tile'><b>")
                .append(text.apply(spread.median()))
                .append("</b>")
                .append(name);
        if (spread.min() < spread.max()) {
            tiles.append("<small>")
                    .append(text.apply(spread.min()))
                    .append(" to ")
                    .append(text.apply(spread.max()))
                    .append("</small>");
        }
        tiles.append("</div>");
    }

    private static String table(List<Named> files) {
        StringBuilder table = new StringBuilder();
        if (files.size() == 2) {
            table.append("<tr><th></th><th>")
                    .append(escaped(files.get(0).name()))
                    .append("</th><th>")
                    .append(escaped(files.get(1).name()))
                    .append("</th><th>change</th><th></th></tr>");
            for (CompareReport.Line line :
                    CompareReport.lines(files.get(0).file(), files.get(1).file())) {
                table.append(String.format(
                        Locale.ROOT,
                        "<tr><td>%s</td><td>%,.1f %s</td><td>%,.1f %s</td><td>%+.1f%%</td><td class='%s'>%s</td></tr>",
                        line.name(),
                        line.first(),
                        line.unit(),
                        line.second(),
                        line.unit(),
                        line.percent(),
                        line.verdict().replace(' ', '-'),
                        line.verdict()));
            }
            return table.toString();
        }
        table.append(
                "<tr><th>run</th><th>tasks/s</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th><th>errors</th></tr>");
        List<Run> runs = new ArrayList<>(files.get(0).file().runs());
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%d</td><td>%,.0f</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%,d</td></tr>",
                    i + 1,
                    run.perSec(),
                    micros(run.p50Micros()),
                    micros(run.p90Micros()),
                    micros(run.p99Micros()),
                    micros(run.p999Micros()),
                    micros(run.maxMicros()),
                    run.errors()));
        }
        return table.toString();
    }

    /** 85 µs, 1.2 ms, 3 s. */
    static String micros(double micros) {
        if (micros < 1000) {
            return trimmed(micros, micros < 10 ? 1 : 0) + " µs";
        }
        return micros < 1e6 ? trimmed(micros / 1e3, micros < 1e4 ? 1 : 0) + " ms" : trimmed(micros / 1e6, 1) + " s";
    }

    /** 850, 1.2k, 3m. */
    static String count(double count) {
        if (count < 1e3) {
            return trimmed(count, 0);
        }
        return count < 1e6 ? trimmed(count / 1e3, count < 1e5 ? 1 : 0) + "k" : trimmed(count / 1e6, 2) + "M";
    }

    private static String trimmed(double value, int digits) {
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(HtmlReport.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from our own jar", e);
        }
    }
}
