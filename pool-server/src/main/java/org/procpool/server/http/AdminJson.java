package org.procpool.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolSnapshot;
import org.procpool.cgroup.GroupState;
import org.procpool.process.MemoryPlan;
import org.procpool.proto.TaskId;
import org.procpool.task.ClientLoad;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.Totals;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** What the admin HTTP says, as JSON. */
final class AdminJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private AdminJson() {}

    /** What becomes a text. */
    interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    static String text(Content content) {
        StringWriter out = new StringWriter(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            content.writeTo(json);
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return out.toString();
    }

    /** An object with one text. */
    static String object(String name, String value) {
        return text(json -> {
            json.writeStartObject();
            json.writeStringField(name, value);
            json.writeEndObject();
        });
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The pool's state, and why if it is not as it should be. */
    static String health(PoolSnapshot pool) {
        return text(json -> {
            json.writeStartObject();
            writeState(json, pool);
            json.writeEndObject();
        });
    }

    static void writeState(JsonGenerator json, PoolSnapshot pool) throws IOException {
        json.writeStringField("state", lower(pool.state()));
        if (pool.degraded() != null) {
            json.writeStringField("reason", pool.degraded());
        }
        if (pool.stuck() != null) {
            json.writeStringField("stuck", pool.stuck());
        }
    }

    /**
     * All that can be said in one answer.
     *
     * @param rssBytes resident memory by pid
     * @param memory how it is divided; null if the workers are not Java
     * @param groups what control groups do for the workers
     */
    static String status(
            PoolSnapshot pool, LongUnaryOperator rssBytes, @Nullable MemoryPlan memory, GroupState groups) {
        return text(json -> {
            json.writeStartObject();
            writeState(json, pool);
            json.writeStringField("version", Version.text());
            json.writeNumberField("uptimeMillis", pool.uptimeMillis());
            json.writeStringField("routing", pool.routing().label());
            writeWorkers(json, pool, rssBytes);
            json.writeNumberField("spares", spares(pool));
            json.writeNumberField("workersTarget", pool.workersTarget());
            json.writeNumberField("workersMin", pool.workersMin());
            json.writeNumberField("workersMax", pool.workersMax());
            json.writeBooleanField("paused", pool.paused());
            json.writeBooleanField("rolling", pool.rolling());
            writeQuarantined(json, pool.quarantined());
            json.writeObjectFieldStart("queue");
            writeQueue(json, pool);
            json.writeEndObject();
            writeClients(json, pool.clients());
            writeTotals(json, pool.totals());
            writeMemory(json, memory, pool.workers().size());
            writeGroups(json, groups);
            json.writeEndObject();
        });
    }

    private static void writeClients(JsonGenerator json, ClientLoad clients) throws IOException {
        json.writeObjectFieldStart("clients");
        json.writeNumberField("maxQueued", clients.queuedTasksMax());
        json.writeNumberField("maxInFlight", clients.inFlightTasksMax());
        json.writeNumberField("full", clients.full());
        json.writeEndObject();
    }

    private static void writeMemory(JsonGenerator json, @Nullable MemoryPlan memory, int workers) throws IOException {
        if (memory == null) {
            json.writeNullField("memory");
            return;
        }
        json.writeObjectFieldStart("memory");
        json.writeNumberField("totalBytes", memory.memory().bytes());
        json.writeStringField("source", memory.memory().source());
        json.writeNumberField("supervisorBytes", memory.supervisorBytes());
        json.writeNumberField("workerHeapBytes", memory.heapBytes());
        json.writeNumberField("workerBesideBytes", MemoryPlan.BESIDE_BYTES);
        json.writeStringField("heapFrom", memory.origin().label());
        json.writeNumberField("plannedBytes", memory.plannedBytes(workers));
        json.writeEndObject();
    }

    private static void writeGroups(JsonGenerator json, GroupState groups) throws IOException {
        json.writeObjectFieldStart("workerCgroups");
        json.writeNumberField("version", groups.version());
        json.writeNumberField("memoryBytesMax", groups.memoryBytesMax());
        json.writeStringField("inForce", groups.inForce());
        json.writeEndObject();
    }

    static String explained(List<String> lines) {
        return text(json -> {
            json.writeStartObject();
            writeNames(json, "lines", lines);
            json.writeEndObject();
        });
    }

    static String quarantined(List<QuarantinedTask> tasks) {
        return text(json -> {
            json.writeStartObject();
            writeQuarantined(json, tasks);
            json.writeEndObject();
        });
    }

    private static void writeQuarantined(JsonGenerator json, List<QuarantinedTask> tasks) throws IOException {
        json.writeArrayFieldStart("quarantined");
        for (QuarantinedTask task : tasks) {
            json.writeStartObject();
            json.writeStringField("task", task.task());
            json.writeStringField("why", task.why());
            json.writeBooleanField("byHand", task.byHand());
            json.writeNumberField("sinceMillis", task.sinceMillis());
            json.writeNumberField("probeInMillis", task.probeInMillis());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void writeQueue(JsonGenerator json, PoolSnapshot pool) throws IOException {
        json.writeNumberField("depth", pool.queuedTasks());
        json.writeNumberField("bytes", pool.queuedBytes());
        json.writeNumberField("limit", pool.queueTasksMax());
    }

    private static long spares(PoolSnapshot pool) {
        return pool.workers().stream()
                .filter(worker -> worker.state() == WorkerState.SPARE)
                .count();
    }

    /** @param rssBytes resident memory by pid */
    static String workers(PoolSnapshot pool, LongUnaryOperator rssBytes) {
        return text(json -> {
            json.writeStartObject();
            writeWorkers(json, pool, rssBytes);
            writeState(json, pool);
            json.writeEndObject();
        });
    }

    private static void writeWorkers(JsonGenerator json, PoolSnapshot pool, LongUnaryOperator rssBytes)
            throws IOException {
        json.writeArrayFieldStart("workers");
        for (WorkerSnapshot worker : pool.workers()) {
            json.writeStartObject();
            writeWorker(json, worker, rssBytes.applyAsLong(worker.pid()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void writeWorker(JsonGenerator json, WorkerSnapshot worker, long rssBytes) throws IOException {
        json.writeNumberField("id", worker.id().slot());
        json.writeNumberField("pid", worker.pid());
        json.writeStringField("state", lower(worker.state()));
        json.writeNumberField("inFlight", worker.inFlight());
        json.writeNumberField("completed", worker.completed());
        json.writeNumberField("failed", worker.failed());
        json.writeNumberField("restarts", worker.restarts());
        json.writeNumberField("rssBytes", rssBytes);
        json.writeNumberField("bootMillis", worker.bootMillis());
        json.writeStringField("task", worker.task());
    }

    static void writeTotals(JsonGenerator json, Totals totals) throws IOException {
        json.writeObjectFieldStart("totals");
        json.writeNumberField("accepted", totals.accepted());
        json.writeNumberField("succeeded", totals.succeeded());
        json.writeNumberField("failed", totals.failed());
        json.writeNumberField("timedOut", totals.timedOut());
        json.writeNumberField("expired", totals.expired());
        json.writeNumberField("workerLost", totals.workerLost());
        json.writeNumberField("cancelled", totals.cancelled());
        json.writeNumberField("rejected", totals.rejected());
        json.writeEndObject();
    }

    static String reload(ReloadReport report) {
        return text(json -> {
            json.writeStartObject();
            writeNames(json, "applied", report.applied());
            writeNames(json, "restart", report.restart());
            json.writeEndObject();
        });
    }

    private static void writeNames(JsonGenerator json, String field, List<String> names) throws IOException {
        json.writeArrayFieldStart(field);
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
    }

    static String tasks(List<TaskView> tasks) {
        return text(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tasks");
            for (TaskView task : tasks) {
                json.writeStartObject();
                json.writeStringField("id", TaskId.format(task.id()));
                json.writeStringField("task", task.task());
                json.writeStringField("state", task.state());
                json.writeNumberField("attempts", task.attempts());
                json.writeNumberField("worker", task.workerId());
                json.writeNumberField("ageMillis", task.ageMillis());
                json.writeNumberField("runMillis", task.runMillis());
                json.writeNumberField("priority", task.priority());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
