package org.procpool.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.procpool.Excerpt;
import org.procpool.PoolEvent;
import org.procpool.PoolReport;
import org.procpool.Recent;
import org.procpool.TaskMishap;
import org.procpool.proto.TaskId;
import org.procpool.task.DurationCounts;
import org.procpool.task.TaskCounts;
import org.procpool.task.WorkerSnapshot;

/**
 * One message to those who watch: the pool at this moment, and what is new since the message before.
 *
 * @param second what has happened within the last one
 * @param rssByPid resident memory of the workers
 * @param seconds those that have passed
 * @param events of pool and workers
 * @param mishaps of tasks
 */
record PulseJson(
        Instant at,
        PoolReport report,
        Second second,
        Map<Long, Long> rssByPid,
        Recent<Second> seconds,
        Recent<PoolEvent> events,
        Recent<TaskMishap> mishaps) {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_MICRO = 1_000;

    /** How far a watcher has come; it tells when it connects again. Numbers of another service mean nothing here. */
    record Position(long events, long mishaps, long seconds) {

        /** Knows nothing, and so has missed nothing. */
        static final Position NEW = new Position(-1, -1, -1);

        private static final String SERVICE =
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        private static final Pattern TEXT = Pattern.compile(SERVICE + "-(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");

        static Position parse(@Nullable String text) {
            Matcher numbers = TEXT.matcher(text == null ? "" : text);
            return numbers.matches()
                    ? new Position(
                            Long.parseLong(numbers.group(1)),
                            Long.parseLong(numbers.group(2)),
                            Long.parseLong(numbers.group(3)))
                    : NEW;
        }

        String text() {
            return SERVICE + "-" + events + "-" + mishaps + "-" + seconds;
        }
    }

    /** The same with other memory of the workers. */
    PulseJson withMemory(Map<Long, Long> value) {
        return new PulseJson(at, report, second, value, seconds, events, mishaps);
    }

    /** What those know who have got this one. */
    Position position() {
        return new Position(
                events.after(Long.MAX_VALUE).last(),
                mishaps.after(Long.MAX_VALUE).last(),
                seconds.after(Long.MAX_VALUE).last());
    }

    /**
     * The message.
     *
     * @param from what its reader knows
     * @param skipped how many messages the reader was too slow for
     */
    String text(Position from, int skipped) {
        return AdminJson.text(json -> {
            json.writeStartObject();
            json.writeStringField("at", at.toString());
            AdminJson.writeState(json, report.pool());
            json.writeStringField("version", Version.text());
            json.writeNumberField("uptimeMillis", report.pool().uptimeMillis());
            json.writeStringField("routing", report.pool().routing().label());
            json.writeNumberField("workersTarget", report.pool().workersTarget());
            json.writeBooleanField("paused", report.pool().paused());
            json.writeBooleanField("rolling", report.pool().rolling());
            writeQueue(json);
            AdminJson.writeTotals(json, report.pool().totals());
            json.writeNumberField("restarts", report.pool().restarts());
            json.writeNumberField("loopLagMicros", second.lagNanos() / NANOS_PER_MICRO);
            writeWorkers(json);
            writeTasks(json);
            json.writeFieldName("now");
            writeSecond(json, second);
            writeSeconds(json, seconds.after(from.seconds));
            writeNews(json, from);
            json.writeNumberField("skipped", skipped);
            json.writeEndObject();
        });
    }

    private void writeQueue(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("queue");
        AdminJson.writeQueue(json, report.pool());
        json.writeNumberField("oldestMillis", report.oldestWaitingNanos() / NANOS_PER_MILLI);
        json.writeEndObject();
    }

    private void writeWorkers(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("workers");
        for (WorkerSnapshot worker : report.pool().workers()) {
            json.writeStartObject();
            AdminJson.writeWorker(json, worker, rssByPid.getOrDefault(worker.pid(), 0L));
            json.writeNumberField("generation", worker.id().generation());
            json.writeStringField("taskId", worker.taskId() == 0 ? null : TaskId.format(worker.taskId()));
            json.writeNumberField(
                    "runMillis", report.runNanos().getOrDefault(worker.id().slot(), 0L) / NANOS_PER_MILLI);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void writeTasks(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tasks");
        for (TaskCounts task : report.tasks()) {
            if (task.queued().count() == 0) {
                continue;
            }
            json.writeStartObject();
            json.writeStringField("task", task.name());
            json.writeNumberField("ended", task.queued().count());
            json.writeNumberField("succeeded", task.succeeded());
            writeQuantiles(json, "run", task.run());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeSeconds(JsonGenerator json, Excerpt<Second> excerpt) throws IOException {
        json.writeArrayFieldStart("seconds");
        for (Second second : excerpt.entries()) {
            writeSecond(json, second);
        }
        json.writeEndArray();
    }

    private static void writeSecond(JsonGenerator json, Second second) throws IOException {
        json.writeStartObject();
        json.writeNumberField("atMillis", second.atMillis());
        json.writeNumberField("succeeded", rounded(second.succeeded()));
        json.writeNumberField("failed", rounded(second.failed()));
        json.writeNumberField("rejected", rounded(second.rejected()));
        json.writeNumberField("queued", second.queued());
        json.writeNumberField("busy", second.busy());
        writeQuantiles(json, "queue", second.queueTime());
        writeQuantiles(json, "run", second.runTime());
        json.writeEndObject();
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    /** Median, 90th and 99th percentile in microseconds; null if there was nothing. */
    private static void writeQuantiles(JsonGenerator json, String name, DurationCounts counts) throws IOException {
        if (counts.count() == 0) {
            json.writeNullField(name);
            return;
        }
        json.writeArrayFieldStart(name);
        for (double share : List.of(0.5, 0.9, 0.99)) {
            json.writeNumber(rounded(counts.quantileNanos(share) / NANOS_PER_MICRO));
        }
        json.writeEndArray();
    }

    private void writeNews(JsonGenerator json, Position from) throws IOException {
        Excerpt<PoolEvent> news = events.after(from.events);
        json.writeArrayFieldStart("events");
        for (PoolEvent event : news.entries()) {
            writeEvent(json, event);
        }
        json.writeEndArray();
        Excerpt<TaskMishap> ends = mishaps.after(from.mishaps);
        json.writeArrayFieldStart("mishaps");
        for (TaskMishap mishap : ends.entries()) {
            writeMishap(json, mishap);
        }
        json.writeEndArray();
        boolean known = !from.equals(Position.NEW);
        json.writeNumberField("missedEvents", known ? news.missed() : 0);
        json.writeNumberField("missedMishaps", known ? ends.missed() : 0);
    }

    private static void writeEvent(JsonGenerator json, PoolEvent event) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", event.at().toString());
        json.writeStringField("event", AdminJson.lower(event.kind()));
        if (event.worker() != null) {
            json.writeNumberField("worker", event.worker().slot());
            json.writeNumberField("generation", event.worker().generation());
            json.writeNumberField("pid", event.pid());
        }
        if (event.autopsy() != null) {
            AutopsyJson.writeEnd(json, event.autopsy());
        }
        json.writeStringField("detail", event.detail());
        json.writeEndObject();
    }

    private void writeMishap(JsonGenerator json, TaskMishap mishap) throws IOException {
        json.writeStartObject();
        json.writeStringField(
                "at", at.minusNanos(report.nowNanos() - mishap.endedNanos()).toString());
        json.writeStringField("id", TaskId.format(mishap.taskId()));
        json.writeStringField("task", mishap.task());
        json.writeStringField("outcome", mishap.outcome().name());
        json.writeNumberField(
                "worker", mishap.worker() == null ? 0 : mishap.worker().slot());
        json.writeNumberField("pid", mishap.workerPid());
        json.writeNumberField("attempts", mishap.attempts());
        json.writeNumberField("queuedMicros", mishap.queuedNanos() / 1_000);
        json.writeNumberField("runMicros", mishap.runNanos() / 1_000);
        json.writeStringField("type", mishap.type());
        json.writeStringField("message", mishap.message());
        json.writeStringField("stack", mishap.stack());
        json.writeStringField("output", mishap.outputTail());
        json.writeEndObject();
    }
}
