package org.procpool.bench.torture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.DeathAccount;

/** Deaths and their sum as people or programs read them. */
public final class TortureReport {

    private static final JsonFactory FACTORY = new JsonFactory();

    private TortureReport() {}

    /** The line above the deaths. */
    public static String head() {
        return row(
                "death",
                "way",
                "worker",
                "pid",
                "left",
                "end",
                "in flight",
                "recovered",
                "wrapped",
                "re-routed",
                "lost");
    }

    /** One line. */
    public static String line(Death death) {
        DeathAccount account = death.account();
        return row(
                death.number(),
                death.way().label(),
                death.worker(),
                death.pid(),
                death.why(),
                death.end(),
                account.inFlight(),
                account.recovered(),
                account.wrapped(),
                account.returned(),
                account.lost());
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%5s  %-11s %-8s %9s  %-9s %-9s %9s %10s %8s %10s %5s", cells);
    }

    /** What it came to and the verdict, a few lines, each ended by a line feed. */
    public static String text(TortureResult result) {
        DeathAccount sum = result.sum();
        StringBuilder text = new StringBuilder();
        line(text, "");
        line(
                text,
                "%,d deaths in %.1f s, %,d tasks (%,.0f a second)%s",
                result.deaths().size(),
                result.seconds(),
                result.tasks(),
                result.tasks() / result.seconds(),
                result.options().recorder() ? "" : ", without recorder: one task at a time per worker");
        line(text, "  in flight at the deaths  %,10d  of which", sum.inFlight());
        line(text, "  answered before the end  %,10d", answered(sum));
        line(
                text,
                "  recovered                %,10d  %,d of them across the end of the ring",
                sum.recovered(),
                sum.wrapped());
        line(text, "  re-routed                %,10d", sum.returned());
        line(text, "  lost                     %,10d", sum.lost());
        for (OutcomeKind kind : OutcomeKind.values()) {
            Long count = result.outcomes().get(kind);
            if (count != null) {
                line(text, "  %-24s %,10d", kind, count);
            }
        }
        appendVerdict(text, result);
        return text.toString();
    }

    private static int answered(DeathAccount sum) {
        return sum.inFlight() - sum.recovered() - sum.returned() - sum.lost();
    }

    private static void appendVerdict(StringBuilder text, TortureResult result) {
        Verdict verdict = result.verdict();
        line(
                text,
                "records: %,d tasks submitted, %s, %,d deaths, %,d runs lost%s",
                verdict.tasks(),
                result.options().task() == null
                        ? String.format(Locale.ROOT, "%,d runs witnessed by the handler", verdict.runs())
                        : "your handler keeps no record of its runs",
                verdict.deaths(),
                verdict.lost(),
                result.options().task() == null ? "" : "; so this rests on outcomes and on the pool's own accounts");
        if (verdict.holds()) {
            line(text, "verdict: it holds. Each task has one outcome, no death cost more than one, %s", none(result));
            return;
        }
        line(text, "verdict: IT DOES NOT HOLD, %,d times", verdict.violationCount());
        verdict.violations().forEach(violation -> line(text, "  %s", violation));
        if (verdict.violationCount() > verdict.violations().size()) {
            line(
                    text,
                    "  … and %,d more",
                    verdict.violationCount() - verdict.violations().size());
        }
    }

    private static String none(TortureResult result) {
        return result.options().task() == null
                ? "none ran more often than it allows."
                : "and every loss has its death.";
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    /** One line, without a line feed. */
    public static String json(TortureResult result) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("kills", result.options().kills());
            json.writeNumberField("workers", result.options().workers());
            json.writeNumberField("window", result.options().window());
            json.writeBooleanField("recorder", result.options().recorder());
            json.writeNumberField("ringBytes", result.options().ringBytes());
            json.writeNumberField("seed", result.options().seed());
            json.writeBooleanField("witnessed", result.options().task() == null);
            json.writeNumberField("seconds", Math.round(result.seconds() * 10) / 10.0);
            json.writeNumberField("perSec", Math.round(result.tasks() / result.seconds()));
            json.writeArrayFieldStart("deaths");
            for (Death death : result.deaths()) {
                write(json, death);
            }
            json.writeEndArray();
            writeTotals(json, result);
            write(json, result.verdict());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Death death) throws IOException {
        json.writeStartObject();
        json.writeNumberField("death", death.number());
        json.writeStringField("way", death.way().label());
        json.writeStringField("worker", death.worker().toString());
        json.writeNumberField("pid", death.pid());
        json.writeStringField("left", death.why().name());
        json.writeStringField("end", death.end());
        write(json, death.account());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, DeathAccount account) throws IOException {
        json.writeNumberField("inFlight", account.inFlight());
        json.writeNumberField("answered", answered(account));
        json.writeNumberField("recovered", account.recovered());
        json.writeNumberField("wrapped", account.wrapped());
        json.writeNumberField("returned", account.returned());
        json.writeNumberField("lost", account.lost());
    }

    private static void writeTotals(JsonGenerator json, TortureResult result) throws IOException {
        json.writeObjectFieldStart("totals");
        json.writeNumberField("tasks", result.tasks());
        json.writeNumberField("deaths", result.deaths().size());
        write(json, result.sum());
        json.writeObjectFieldStart("outcomes");
        for (OutcomeKind kind : OutcomeKind.values()) {
            Long count = result.outcomes().get(kind);
            if (count != null) {
                json.writeNumberField(kind.name(), count);
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Verdict verdict) throws IOException {
        json.writeObjectFieldStart("verdict");
        json.writeBooleanField("holds", verdict.holds());
        json.writeNumberField("tasks", verdict.tasks());
        json.writeNumberField("runs", verdict.runs());
        json.writeNumberField("deaths", verdict.deaths());
        json.writeNumberField("lost", verdict.lost());
        json.writeNumberField("violations", verdict.violationCount());
        json.writeArrayFieldStart("told");
        for (String violation : verdict.violations()) {
            json.writeString(violation);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
