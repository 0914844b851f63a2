package org.procpool.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result as people or programs read it. */
public final class BenchReport {

    private BenchReport() {}

    /** A few lines for people, each ended by a line feed. */
    public static String text(BenchResult result) {
        BenchOptions options = result.options();
        Lines text = new Lines();
        text.line(
                "%s, %s, %s, %s, %.1f s",
                options.tasks(),
                options.perSec() == 0
                        ? String.format(Locale.ROOT, "window %,d", options.window())
                        : String.format(Locale.ROOT, "due at %,.0f/s", options.perSec()),
                Lines.plural(options.connections(), "connection"),
                Lines.plural(result.workers(), "worker"),
                result.seconds());
        text.line("  rate       %,12.0f tasks/s", result.perSec());
        text.line("  completed  %,12d", result.completed());
        text.line("  errors     %,12d", result.errors());
        text.line("  p50        %,12.1f us", result.p50Micros());
        text.line("  p90        %,12.1f us", result.p90Micros());
        text.line("  p99        %,12.1f us", result.p99Micros());
        text.line("  p99.9      %,12.1f us", result.p999Micros());
        text.line("  max        %,12.1f us", result.maxMicros());
        if (options.perSec() > 0) {
            text.line(
                    "  sent after it was due: p50 %.1f us, p99 %.1f us; part of the latency above",
                    result.trace().lagP50Micros(), result.trace().lagP99Micros());
        }
        for (Map.Entry<String, Long> error : result.errorsByKind().entrySet()) {
            text.line("  %s: %,d", error.getKey(), error.getValue());
        }
        if (!result.firstError().isEmpty()) {
            text.line("  first error: %s", result.firstError());
        }
        return text.toString();
    }

    /**
     * Some runs of the same load, without the last line feed.
     *
     * @param results at least one
     * @param steps of the search that led to its rate; may be empty
     */
    public static String of(List<BenchResult> results, List<BenchFile.RateStep> steps, boolean json) {
        List<BenchResult> sorted = results.stream()
                .sorted(Comparator.comparingDouble(BenchResult::perSec))
                .toList();
        BenchResult median = sorted.get(sorted.size() / 2);
        Spread rate = Spread.of(sorted, BenchResult::perSec);
        Spread p50 = Spread.of(sorted, BenchResult::p50Micros);
        Spread p99 = Spread.of(sorted, BenchResult::p99Micros);
        if (json) {
            return sorted.size() == 1 ? json(median) : runsJson(median, rate, p50, p99);
        }
        Lines text = new Lines();
        if (!steps.isEmpty()) {
            text.line("highest rate that held: %,.0f tasks/s", RateSearch.highest(steps));
        }
        if (sorted.size() > 1) {
            text.line("%d runs        %12s %12s %12s", sorted.size(), "lowest", "median", "highest");
            text.line("  rate       %,12.0f %,12.0f %,12.0f tasks/s", rate.min(), rate.median(), rate.max());
            text.line("  p50        %,12.1f %,12.1f %,12.1f us", p50.min(), p50.median(), p50.max());
            text.line("  p99        %,12.1f %,12.1f %,12.1f us", p99.min(), p99.median(), p99.max());
            text.line("the median run:");
        }
        return (text + text(median)).stripTrailing();
    }

    /** A step of a search for the highest rate, as a line. */
    public static String text(BenchFile.RateStep step) {
        return String.format(
                Locale.ROOT,
                "%,12.0f due/s %,12.0f tasks/s, p50 %,10.1f us, p99 %,12.1f us  %s",
                step.duePerSec(),
                step.perSec(),
                step.p50Micros(),
                step.p99Micros(),
                step.held() ? "held" : "not held");
    }

    private static String runsJson(BenchResult median, Spread rate, Spread p50, Spread p99) {
        return Json.object(json -> {
            Json.spread(json, "perSec", rate);
            Json.spread(json, "p50Micros", p50);
            Json.spread(json, "p99Micros", p99);
            json.writeFieldName("medianRun");
            json.writeRawValue(json(median));
        });
    }

    /** One line, without a line feed. */
    public static String json(BenchResult result) {
        return Json.object(json -> {
            json.writeNumberField("perSec", Json.tenths(result.perSec()));
            json.writeNumberField("p50Micros", Json.tenths(result.p50Micros()));
            json.writeNumberField("p90Micros", Json.tenths(result.p90Micros()));
            json.writeNumberField("p99Micros", Json.tenths(result.p99Micros()));
            json.writeNumberField("p999Micros", Json.tenths(result.p999Micros()));
            json.writeNumberField("maxMicros", Json.tenths(result.maxMicros()));
            json.writeNumberField("completed", result.completed());
            json.writeNumberField("errors", result.errors());
            json.writeObjectFieldStart("errorsByKind");
            for (Map.Entry<String, Long> error : result.errorsByKind().entrySet()) {
                json.writeNumberField(error.getKey(), error.getValue());
            }
            json.writeEndObject();
            if (result.options().mixture().kinds().isEmpty()) {
                json.writeStringField("task", result.options().task());
                json.writeNumberField("payload", result.options().payloadBytes());
            } else {
                json.writeStringField("mixture", result.options().mixture().toString());
            }
            if (result.options().perSec() > 0) {
                json.writeNumberField("duePerSec", Json.tenths(result.options().perSec()));
                json.writeNumberField("lagP50Micros", Json.tenths(result.trace().lagP50Micros()));
                json.writeNumberField("lagP99Micros", Json.tenths(result.trace().lagP99Micros()));
            }
            json.writeNumberField("window", result.options().window());
            json.writeNumberField("connections", result.options().connections());
            json.writeNumberField("seconds", Json.tenths(result.seconds()));
            json.writeNumberField("workers", result.workers());
        });
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(CrashBench.Report report) {
        Lines text = new Lines();
        text.line("SIGKILL to the worker -> outcome of the task behind; a pool of 1 worker and 1 spare");
        text.line("  %-34s %6s %9s %9s %9s %9s", "", "n", "min", "p50", "p99", "max");
        appendDelay(text, "spare warm", report.first());
        appendDelay(text, "of that until a socket is closed", report.seen());
        appendDelay(text, "spare killed too, the next one boots", report.second());
        return text.toString();
    }

    private static void appendDelay(Lines text, String name, CrashBench.Delay delay) {
        text.line(
                "  %-36s %4d %6.2f ms %6.2f ms %6.2f ms %6.2f ms",
                name,
                delay.count(),
                delay.minMicros() / 1e3,
                delay.p50Micros() / 1e3,
                delay.p99Micros() / 1e3,
                delay.maxMicros() / 1e3);
    }

    /** One line, without a line feed. */
    public static String json(CrashBench.Report report) {
        return Json.object(json -> {
            writeDelay(json, "spareWarm", report.first());
            writeDelay(json, "untilSocketClosed", report.seen());
            writeDelay(json, "spareKilledToo", report.second());
        });
    }

    private static void writeDelay(JsonGenerator json, String name, CrashBench.Delay delay) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", delay.count());
        json.writeNumberField("minMicros", Json.tenths(delay.minMicros()));
        json.writeNumberField("p50Micros", Json.tenths(delay.p50Micros()));
        json.writeNumberField("p99Micros", Json.tenths(delay.p99Micros()));
        json.writeNumberField("maxMicros", Json.tenths(delay.maxMicros()));
        json.writeEndObject();
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(BootBench.Report report) {
        Lines text = new Lines();
        text.line("launch -> ready, one after another, by turns; workers on %s", report.java());
        text.line("  %-24s %4s %9s %9s %9s %10s", "", "n", "min", "median", "max", "resident");
        appendBoots(text, "worker without archive", report.plain());
        appendBoots(text, "worker with archive", report.withArchive());
        appendBoots(text, "Node child_process.fork", report.node());
        BootBench.Ratio ratio = report.toNode();
        if (report.withArchive() == null) {
            text.line("  no archive could be made");
        }
        if (report.node() == null) {
            text.line("  there is no node on the PATH to compare with");
        } else if (ratio != null) {
            text.line("  worker / Node, median of the pairs: boot %.2f, resident %.2f", ratio.boot(), ratio.resident());
        }
        return text.toString();
    }

    private static void appendBoots(Lines text, String name, BootBench.@Nullable Boots boots) {
        if (boots != null) {
            text.line(
                    "  %-24s %4d %6.0f ms %6.0f ms %6.0f ms %6.1f MiB",
                    name,
                    boots.count(),
                    boots.minMillis(),
                    boots.medianMillis(),
                    boots.maxMillis(),
                    boots.residentKib() / 1024.0);
        }
    }

    /** One line, without a line feed; what was not measured is null. */
    public static String json(BootBench.Report report) {
        return Json.object(json -> {
            json.writeStringField("java", report.java().toString());
            writeBoots(json, "plain", report.plain());
            writeBoots(json, "withArchive", report.withArchive());
            writeBoots(json, "node", report.node());
            BootBench.Ratio ratio = report.toNode();
            if (ratio == null) {
                json.writeNullField("toNode");
                return;
            }
            json.writeObjectFieldStart("toNode");
            json.writeNumberField("boot", Math.round(ratio.boot() * 100) / 100.0);
            json.writeNumberField("resident", Math.round(ratio.resident() * 100) / 100.0);
            json.writeEndObject();
        });
    }

    private static void writeBoots(JsonGenerator json, String name, BootBench.@Nullable Boots boots)
            throws IOException {
        if (boots == null) {
            json.writeNullField(name);
            return;
        }
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", boots.count());
        json.writeNumberField("minMillis", Json.tenths(boots.minMillis()));
        json.writeNumberField("medianMillis", Json.tenths(boots.medianMillis()));
        json.writeNumberField("maxMillis", Json.tenths(boots.maxMillis()));
        json.writeNumberField("residentKib", boots.residentKib());
        json.writeEndObject();
    }
}
