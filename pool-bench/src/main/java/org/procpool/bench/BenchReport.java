package org.procpool.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

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
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
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
