package org.procpool.cli.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.cli.text.OneLine;
import org.procpool.task.Departure;
import org.procpool.task.Totals;
import org.procpool.task.WorkerId;

/**
 * What the service is doing at one moment, and what is new since the moment before. Fields that are not there read as
 * nothing: the service may be another version.
 *
 * @param reason why it is degraded; empty if it is not
 * @param stuck why tasks wait although somebody is idle; empty if that is not so
 * @param target how many workers are to serve
 * @param now rates of the last second
 * @param seconds whole seconds that have passed, the oldest first
 * @param deaths in the order in which they happened
 * @param news whether anything happened that somebody who watches waits for
 */
record Pulse(
        Instant at,
        String state,
        String reason,
        String stuck,
        String version,
        long uptimeMillis,
        String routing,
        boolean paused,
        boolean rolling,
        long target,
        Queue queue,
        Totals totals,
        long restarts,
        List<Worker> workers,
        Second now,
        List<Second> seconds,
        List<Death> deaths,
        boolean news) {

    /** @param oldestMillis how long the task that waits longest has waited */
    record Queue(long depth, long limit, long bytes, long oldestMillis) {}

    /** @param runMillis since when it runs its task; 0 if it runs none */
    record Worker(
            int slot,
            int generation,
            long pid,
            String state,
            int inFlight,
            long completed,
            long failed,
            long restarts,
            long rssBytes,
            long bootMillis,
            @Nullable String task,
            @Nullable String taskId,
            long runMillis) {

        String name() {
            return new WorkerId(slot, generation).toString();
        }
    }

    /** What happened in a second; times are in microseconds. */
    record Second(
            double succeeded,
            double failed,
            double rejected,
            long queued,
            long busy,
            @Nullable Quantiles waiting,
            @Nullable Quantiles running) {}

    /** Half, nine tenths and 99 in a hundred took no longer; in microseconds. */
    record Quantiles(double p50, double p90, double p99) {}

    /** @param detail how it ended, for people */
    record Death(Instant at, int slot, int generation, long pid, String reason, String detail) {

        String name() {
            return new WorkerId(slot, generation).toString();
        }

        /** Whether it was sent away, with nothing being wrong with it. */
        boolean planned() {
            return Stream.of(Departure.values())
                    .anyMatch(why -> why.isPlanned() && why.name().equals(reason));
        }
    }

    static Pulse of(JsonNode json) {
        return new Pulse(
                instant(json.path("at")),
                text(json, "state"),
                text(json, "reason"),
                text(json, "stuck"),
                text(json, "version"),
                json.path("uptimeMillis").asLong(),
                text(json, "routing"),
                json.path("paused").asBoolean(),
                json.path("rolling").asBoolean(),
                json.path("workersTarget").asLong(),
                queue(json.path("queue")),
                totals(json.path("totals")),
                json.path("restarts").asLong(),
                list(json.path("workers"), Pulse::worker),
                second(json.path("now")),
                list(json.path("seconds"), Pulse::second),
                deaths(json.path("events")),
                !json.path("events").isEmpty());
    }

    private interface Reader<T> {
        T of(JsonNode json);
    }

    private static <T> List<T> list(JsonNode array, Reader<T> reader) {
        List<T> list = new ArrayList<>(array.size());
        array.forEach(json -> list.add(reader.of(json)));
        return List.copyOf(list);
    }

    private static Queue queue(JsonNode json) {
        return new Queue(
                json.path("depth").asLong(),
                json.path("limit").asLong(),
                json.path("bytes").asLong(),
                json.path("oldestMillis").asLong());
    }

    private static Totals totals(JsonNode json) {
        return new Totals(
                json.path("accepted").asLong(),
                json.path("succeeded").asLong(),
                json.path("failed").asLong(),
                json.path("timedOut").asLong(),
                json.path("expired").asLong(),
                json.path("workerLost").asLong(),
                json.path("cancelled").asLong(),
                json.path("rejected").asLong());
    }

    private static Worker worker(JsonNode json) {
        return new Worker(
                json.path("id").asInt(),
                json.path("generation").asInt(),
                json.path("pid").asLong(),
                text(json, "state"),
                json.path("inFlight").asInt(),
                json.path("completed").asLong(),
                json.path("failed").asLong(),
                json.path("restarts").asLong(),
                json.path("rssBytes").asLong(),
                json.path("bootMillis").asLong(),
                optional(json.path("task")),
                optional(json.path("taskId")),
                json.path("runMillis").asLong());
    }

    private static Second second(JsonNode json) {
        return new Second(
                json.path("succeeded").asDouble(),
                json.path("failed").asDouble(),
                json.path("rejected").asDouble(),
                json.path("queued").asLong(),
                json.path("busy").asLong(),
                quantiles(json.path("queue")),
                quantiles(json.path("run")));
    }

    private static @Nullable Quantiles quantiles(JsonNode json) {
        return json.size() < 3
                ? null
                : new Quantiles(
                        json.path(0).asDouble(),
                        json.path(1).asDouble(),
                        json.path(2).asDouble());
    }

    private static List<Death> deaths(JsonNode events) {
        List<Death> deaths = new ArrayList<>();
        for (JsonNode event : events) {
            if (event.path("event").asText().equals("worker-exited")) {
                deaths.add(new Death(
                        instant(event.path("at")),
                        event.path("worker").asInt(),
                        event.path("generation").asInt(),
                        event.path("pid").asLong(),
                        text(event, "reason"),
                        text(event, "detail")));
            }
        }
        return List.copyOf(deaths);
    }

    private static String text(JsonNode json, String field) {
        return OneLine.of(json.path(field).asText());
    }

    private static @Nullable String optional(JsonNode json) {
        return json.isTextual() ? OneLine.of(json.asText()) : null;
    }

    private static Instant instant(JsonNode json) {
        try {
            return Instant.parse(json.asText());
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
