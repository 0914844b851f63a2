package org.procpool.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result as people or programs read it. */
public final class BenchReport {

    private static final JsonFactory FACTORY = new JsonFactory();

    private BenchReport() {}

    /** A few lines for people, each ended by a line feed. */
    public static String text(BenchResult result) {
        BenchOptions options = result.options();
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s, %,d bytes, window %,d, %s, %s, %.1f s",
                options.task(),
                options.payloadBytes(),
                options.window(),
                plural(options.connections(), "connection"),
                plural(result.workers(), "worker"),
                result.seconds());
        line(text, "  rate       %,12.0f tasks/s", result.perSec());
        line(text, "  completed  %,12d", result.completed());
        line(text, "  errors     %,12d", result.errors());
        line(text, "  p50        %,12.1f us", result.p50Micros());
        line(text, "  p90        %,12.1f us", result.p90Micros());
        line(text, "  p99        %,12.1f us", result.p99Micros());
        line(text, "  p99.9      %,12.1f us", result.p999Micros());
        line(text, "  max        %,12.1f us", result.maxMicros());
        for (Map.Entry<String, Long> error : result.errorsByKind().entrySet()) {
            line(text, "  %s: %,d", error.getKey(), error.getValue());
        }
        if (!result.firstError().isEmpty()) {
            line(text, "  first error: %s", result.firstError());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String plural(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    /** One line, without a line feed. */
    public static String json(BenchResult result) {
        return json(json -> {
            json.writeNumberField("perSec", tenths(result.perSec()));
            json.writeNumberField("p50Micros", tenths(result.p50Micros()));
            json.writeNumberField("p90Micros", tenths(result.p90Micros()));
            json.writeNumberField("p99Micros", tenths(result.p99Micros()));
            json.writeNumberField("p999Micros", tenths(result.p999Micros()));
            json.writeNumberField("maxMicros", tenths(result.maxMicros()));
            json.writeNumberField("completed", result.completed());
            json.writeNumberField("errors", result.errors());
            json.writeObjectFieldStart("errorsByKind");
            for (Map.Entry<String, Long> error : result.errorsByKind().entrySet()) {
                json.writeNumberField(error.getKey(), error.getValue());
            }
            json.writeEndObject();
            json.writeStringField("task", result.options().task());
            json.writeNumberField("payload", result.options().payloadBytes());
            json.writeNumberField("window", result.options().window());
            json.writeNumberField("connections", result.options().connections());
            json.writeNumberField("seconds", tenths(result.seconds()));
            json.writeNumberField("workers", result.workers());
        });
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(CrashBench.Report report) {
        StringBuilder text = new StringBuilder();
        line(text, "SIGKILL to the worker -> outcome of the task behind; a pool of 1 worker and 1 spare");
        line(text, "  %-34s %6s %9s %9s %9s %9s", "", "n", "min", "p50", "p99", "max");
        appendDelay(text, "spare warm", report.first());
        appendDelay(text, "of that until a socket is closed", report.seen());
        appendDelay(text, "spare killed too, the next one boots", report.second());
        return text.toString();
    }

    private static void appendDelay(StringBuilder text, String name, CrashBench.Delay delay) {
        line(
                text,
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
        return json(json -> {
            writeDelay(json, "spareWarm", report.first());
            writeDelay(json, "untilSocketClosed", report.seen());
            writeDelay(json, "spareKilledToo", report.second());
        });
    }

    private static void writeDelay(JsonGenerator json, String name, CrashBench.Delay delay) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("count", delay.count());
        json.writeNumberField("minMicros", tenths(delay.minMicros()));
        json.writeNumberField("p50Micros", tenths(delay.p50Micros()));
        json.writeNumberField("p99Micros", tenths(delay.p99Micros()));
        json.writeNumberField("maxMicros", tenths(delay.maxMicros()));
        json.writeEndObject();
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(BootBench.Report report) {
        StringBuilder text = new StringBuilder();
        line(text, "launch -> ready, one after another, by turns; workers on %s", report.java());
        line(text, "  %-24s %4s %9s %9s %9s %10s", "", "n", "min", "median", "max", "resident");
        appendBoots(text, "worker without archive", report.plain());
        appendBoots(text, "worker with archive", report.withArchive());
        appendBoots(text, "Node child_process.fork", report.node());
        BootBench.Ratio ratio = report.toNode();
        if (report.withArchive() == null) {
            line(text, "  no archive could be made");
        }
        if (report.node() == null) {
            line(text, "  there is no node on the PATH to compare with");
        } else if (ratio != null) {
            line(
                    text,
                    "  worker / Node, median of the pairs: boot %.2f, resident %.2f",
                    ratio.boot(),
                    ratio.resident());
        }
        return text.toString();
    }

    private static void appendBoots(StringBuilder text, String name, BootBench.@Nullable Boots boots) {
        if (boots != null) {
            line(
                    text,
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
        return json(json -> {
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
        json.writeNumberField("minMillis", tenths(boots.minMillis()));
        json.writeNumberField("medianMillis", tenths(boots.medianMillis()));
        json.writeNumberField("maxMillis", tenths(boots.maxMillis()));
        json.writeNumberField("residentKib", boots.residentKib());
        json.writeEndObject();
    }

    /** What is in an object. */
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static String json(Fields fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return out.toString();
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
