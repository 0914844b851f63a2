package org.procpool.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.procpool.bench.floor.RelayOptions;

/** The floors, and a service beside them, as people or programs read it. */
public final class FloorReport {

    private FloorReport() {}

    /** A few lines for people, each ended by a line feed. */
    public static String text(Floors.Report report) {
        Lines text = new Lines();
        Floors.Plan plan = report.plan();
        text.line(
                "%,d bytes, one at a time, between two processes (median, lowest of %d)",
                plan.payloadBytes(), plan.pairs());
        text.line(
                "  TCP loopback  %8.1f us %8.1f us",
                report.tcpMicros().median(), report.tcpMicros().min());
        text.line(
                "  Unix socket   %8.1f us %8.1f us",
                report.unixMicros().median(), report.unixMicros().min());
        text.line("bare relay: %s, %,d bytes, %s", plan.task().word(), plan.payloadBytes(), relay(report.relay()));
        text.line("  %7s %30s %30s", "", "tasks/s", "p50");
        text.line(
                "  %7s %10s %10s %10s %10s %10s %10s",
                "window", "lowest", "median", "highest", "lowest", "median", "highest");
        for (Floors.AtWindow at : report.windows()) {
            text.line(
                    "  %,7d %,10.0f %,10.0f %,10.0f %,10.1f %,10.1f %,10.1f us",
                    at.window(),
                    at.perSec().min(),
                    at.perSec().median(),
                    at.perSec().max(),
                    at.p50Micros().min(),
                    at.p50Micros().median(),
                    at.p50Micros().max());
        }
        return text.toString();
    }

    private static String relay(RelayOptions options) {
        return options.workers() + " workers, copies below " + options.copyBelow() + ", reads " + options.readBytes()
                + ", sends " + options.outBytes() + ", flushes each "
                + (options.flushEach() ? "piece" : "batch");
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(Floors.Comparison comparison) {
        Lines text = new Lines();
        Floors.Plan plan = comparison.plan();
        text.line(
                "service and bare relay, by turns, %d pairs of %.1f s: %s, %,d bytes",
                plan.pairs(), plan.slice().toMillis() / 1e3, plan.task().word(), plan.payloadBytes());
        text.line("  relay: %s", relay(comparison.relay()));
        text.line("  %7s  %32s   %32s", "", "tasks/s, medians", "p50, medians");
        text.line(
                "  %7s  %10s %10s %5s %5s   %9s %9s %6s %5s",
                "window", "service", "relay", "ratio", "min", "service", "relay", "ratio", "min");
        for (Floors.SideBySide at : comparison.windows()) {
            text.line(
                    "  %,7d  %,10.0f %,10.0f %5.2f %5.2f   %,6.0f us %,6.0f us %6.2f %5.2f",
                    at.window(),
                    at.servicePerSec().median(),
                    at.relayPerSec().median(),
                    at.rateRatio().median(),
                    at.rateRatio().min(),
                    at.serviceMicros().median(),
                    at.relayMicros().median(),
                    at.p50Ratio().median(),
                    at.p50Ratio().min());
        }
        return text.toString();
    }

    /** One line, without a line feed. */
    public static String json(Floors.Report report) {
        return Json.object(json -> {
            write(json, report.plan(), report.relay());
            Json.spread(json, "tcpMicros", report.tcpMicros());
            Json.spread(json, "unixMicros", report.unixMicros());
            json.writeArrayFieldStart("relay");
            for (Floors.AtWindow at : report.windows()) {
                json.writeStartObject();
                json.writeNumberField("window", at.window());
                Json.spread(json, "perSec", at.perSec());
                Json.spread(json, "p50Micros", at.p50Micros());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** One line, without a line feed. */
    public static String json(Floors.Comparison comparison) {
        return Json.object(json -> {
            write(json, comparison.plan(), comparison.relay());
            json.writeArrayFieldStart("windows");
            for (Floors.SideBySide at : comparison.windows()) {
                json.writeStartObject();
                json.writeNumberField("window", at.window());
                Json.spread(json, "perSec", at.servicePerSec());
                Json.spread(json, "relayPerSec", at.relayPerSec());
                Json.spread(json, "rateRatio", at.rateRatio());
                Json.spread(json, "p50Micros", at.serviceMicros());
                Json.spread(json, "relayP50Micros", at.relayMicros());
                Json.spread(json, "p50Ratio", at.p50Ratio());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Floors.Plan plan, RelayOptions relay) throws IOException {
        json.writeStringField("task", plan.task().word());
        json.writeNumberField("payload", plan.payloadBytes());
        json.writeNumberField("pairs", plan.pairs());
        json.writeNumberField("seconds", plan.slice().toMillis() / 1e3);
        json.writeNumberField("workers", relay.workers());
        json.writeNumberField("copyBelow", relay.copyBelow());
        json.writeNumberField("readSize", relay.readBytes());
        json.writeNumberField("outSize", relay.outBytes());
        json.writeBooleanField("flushEach", relay.flushEach());
    }
}
