package org.procpool.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.procpool.bench.BenchFile.Run;

/** Two files of measurements side by side. */
public final class CompareReport {

    /** What is compared, and whether more of it is better. */
    private record Measure(String name, String unit, boolean moreIsBetter, ToDoubleFunction<Run> value) {}

    private static final List<Measure> MEASURES = List.of(
            new Measure("rate", "/s", true, Run::perSec),
            new Measure("p50", "us", false, Run::p50Micros),
            new Measure("p90", "us", false, Run::p90Micros),
            new Measure("p99", "us", false, Run::p99Micros),
            new Measure("p99.9", "us", false, Run::p999Micros),
            new Measure("max", "us", false, Run::maxMicros),
            new Measure("errors", "", false, Run::errors));

    private CompareReport() {}

    /**
     * One line of the comparison; medians of the runs.
     *
     * @param percent change from first to second; 0 if the first is 0
     * @param verdict "better" or "worse" if the runs of one file lie all on one side of those of the other, else
     *     "within the runs"
     */
    public record Line(String name, String unit, double first, double second, double percent, String verdict) {}

    /** All lines. */
    public static List<Line> lines(BenchFile first, BenchFile second) {
        return MEASURES.stream().map(measure -> line(measure, first, second)).toList();
    }

    private static Line line(Measure measure, BenchFile first, BenchFile second) {
        Spread before = first.of(measure.value());
        Spread after = second.of(measure.value());
        double percent = before.median() == 0 ? 0 : 100 * (after.median() / before.median() - 1);
        String verdict = "within the runs";
        if (after.min() > before.max()) {
            verdict = measure.moreIsBetter() ? "better" : "worse";
        } else if (after.max() < before.min()) {
            verdict = measure.moreIsBetter() ? "worse" : "better";
        }
        return new Line(measure.name(), measure.unit(), before.median(), after.median(), percent, verdict);
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(String firstName, BenchFile first, String secondName, BenchFile second) {
        Lines text = new Lines();
        text.line(
                "A  %s: %s, %s",
                firstName, first.title(), Lines.plural(first.runs().size(), "run"));
        text.line(
                "B  %s: %s, %s",
                secondName, second.title(), Lines.plural(second.runs().size(), "run"));
        if (!first.machine().equals(second.machine())) {
            text.line("They are not of the same machine, or not of the same Java:");
            text.line("A  %s", first.machine());
            text.line("B  %s", second.machine());
        }
        text.line("  %-8s %14s %14s %9s", "medians", "A", "B", "B to A");
        for (Line line : lines(first, second)) {
            text.line(
                    "  %-8s %,11.1f %-2s %,11.1f %-2s %+8.1f%%  %s",
                    line.name(), line.first(), line.unit(), line.second(), line.unit(), line.percent(), line.verdict());
        }
        return text.toString();
    }

    /** One line, without a line feed. */
    public static String json(BenchFile first, BenchFile second) {
        return Json.object(json -> {
            for (Line line : lines(first, second)) {
                json.writeObjectFieldStart(line.name().replace("p99.9", "p999"));
                json.writeNumberField("a", Json.tenths(line.first()));
                json.writeNumberField("b", Json.tenths(line.second()));
                json.writeNumberField("percent", Json.tenths(line.percent()));
                json.writeStringField("verdict", line.verdict().toLowerCase(Locale.ROOT));
                json.writeEndObject();
            }
        });
    }
}
