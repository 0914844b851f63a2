package org.procpool.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.procpool.cli.text.OneLine;
import org.procpool.task.Durations;

/** What the service tells those who watch, as lines for people or for programs. Not thread-safe. */
final class EventLines {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final boolean json;
    private final boolean counts;
    private boolean begun;

    /** @param counts whether the tasks that ended in a second make a line, in seconds that had any */
    EventLines(boolean json, boolean counts) {
        this.json = json;
        this.counts = counts;
    }

    /** What is new, in the order in which it happened. */
    List<String> of(JsonNode pulse) {
        List<ObjectNode> news = new ArrayList<>();
        pulse.path("events").forEach(event -> news.add((ObjectNode) event));
        pulse.path("mishaps").forEach(mishap -> news.add(named("task-ended", mishap)));
        // The first message brings the seconds before this one too, which nobody wants to read.
        if (counts && begun) {
            pulse.path("seconds").forEach(second -> addCounts(news, second));
        }
        begun = true;
        news.sort(Comparator.comparing(event -> Instant.parse(event.path("at").asText())));
        addMissed(news, pulse);
        return news.stream().map(event -> json ? event.toString() : text(event)).toList();
    }

    private static ObjectNode named(String event, JsonNode fields) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        named.put("event", event);
        named.setAll((ObjectNode) fields);
        return named;
    }

    private static void addCounts(List<ObjectNode> news, JsonNode second) {
        double ended = second.path("succeeded").asDouble()
                + second.path("failed").asDouble()
                + second.path("rejected").asDouble();
        if (ended > 0) {
            ObjectNode counts = named("tasks", second);
            counts.put(
                    "at", Instant.ofEpochMilli(second.path("atMillis").asLong()).toString());
            news.add(counts);
        }
    }

    private static void addMissed(List<ObjectNode> news, JsonNode pulse) {
        long missed = pulse.path("missedEvents").asLong()
                + pulse.path("missedMishaps").asLong();
        if (missed > 0) {
            ObjectNode note = JsonNodeFactory.instance.objectNode();
            note.put("event", "missed");
            note.put("at", pulse.path("at").asText());
            note.put("count", missed);
            news.add(0, note);
        }
    }

    private static String text(JsonNode event) {
        String what = event.path("event").asText();
        String words = switch (what) {
            case "tasks" -> counts(event);
            case "task-ended" -> mishap(event);
            case "missed" -> "(" + event.path("count").asLong() + " more that are no longer kept)";
            case "worker-exited" ->
                worker(event) + "exited: " + event.path("reason").asText() + ", "
                        + event.path("detail").asText();
            default -> worker(event) + words(what, event.path("detail").asText());
        };
        return time(event.path("at").asText()) + "  " + OneLine.of(words);
    }

    /** As wide at each moment. */
    private static String time(String at) {
        return TIME.format(Instant.parse(at));
    }

    private static String worker(JsonNode event) {
        return event.has("worker")
                ? "worker w" + event.path("worker").asLong() + "."
                        + event.path("generation").asLong() + " (pid "
                        + event.path("pid").asLong() + ") "
                : "";
    }

    /** {@code worker-ready} of a worker is {@code ready}; {@code pool-draining} is {@code pool draining}. */
    private static String words(String event, String detail) {
        String words = event.startsWith("worker-") ? event.substring("worker-".length()) : event.replace('-', ' ');
        return detail.isEmpty() ? words : words + ": " + detail;
    }

    private static String mishap(JsonNode task) {
        long worker = task.path("worker").asLong();
        return "task " + task.path("id").asText() + " (" + task.path("task").asText() + ") "
                + task.path("outcome").asText()
                + (worker == 0
                        ? ""
                        : " on worker " + worker + " after "
                                + duration(task.path("runMicros").asLong()))
                + ": " + task.path("message").asText();
    }

    private static String duration(long micros) {
        return micros == 0 ? "0s" : Durations.format(TimeUnit.MICROSECONDS.toNanos(micros));
    }

    private static String counts(JsonNode second) {
        return String.format(
                Locale.ROOT,
                "tasks: %,.0f succeeded, %,.0f did not, %,.0f rejected a second; %,d wait",
                second.path("succeeded").asDouble(),
                second.path("failed").asDouble(),
                second.path("rejected").asDouble(),
                second.path("queued").asLong());
    }
}
