package org.procpool.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;
import org.procpool.proto.TaskState;
import org.procpool.task.Outcome;

/** How tasks ended, or stand, as HTTP says it. */
final class TaskReplies {

    static final String TASK_ID = "procpool-task-id";
    static final String OUTCOME = "procpool-outcome";
    static final String WORKER = "procpool-worker";
    static final String WORKER_PID = "procpool-worker-pid";
    static final String ATTEMPTS = "procpool-attempts";
    static final String QUEUED_MICROS = "procpool-queued-micros";
    static final String RUN_MICROS = "procpool-run-micros";
    static final String ERROR_TYPE = "procpool-error-type";

    private static final long NANOS_PER_MICRO = 1_000;
    private static final String RETRY_SECONDS = "1";
    /** Beside the frames that are sent over TCP, nothing else bounds it. */
    private static final int CUT_CHARS = TaskError.AUTOPSY_CHARS_MAX;

    private TaskReplies() {}

    /** The result itself, or why there is none. Maps a result that lies in a file; the payload stays the caller's. */
    static Reply ended(Outcome outcome) {
        Map<CharSequence, String> headers = new HashMap<>();
        headers.put(OUTCOME, outcome.kind().name());
        headers.put(ATTEMPTS, Integer.toString(outcome.attempts()));
        headers.put(QUEUED_MICROS, Long.toString(outcome.queuedNanos() / NANOS_PER_MICRO));
        headers.put(RUN_MICROS, Long.toString(outcome.runNanos() / NANOS_PER_MICRO));
        if (outcome.taskId() != 0) {
            headers.put(TASK_ID, TaskId.format(outcome.taskId()));
        }
        if (outcome.worker() != null) {
            headers.put(WORKER, Integer.toString(outcome.worker().slot()));
            headers.put(WORKER_PID, Long.toString(outcome.workerPid()));
        }
        if (outcome.succeeded()) {
            // Never a type that a browser would show as a page of this origin.
            return new Reply(
                    HttpResponseStatus.OK,
                    HttpHeaderValues.APPLICATION_OCTET_STREAM.toString(),
                    outcome.payload().buffer(),
                    headers);
        }
        TaskError error = Objects.requireNonNullElseGet(outcome.error(), () -> TaskError.of("", ""));
        headers.put(ERROR_TYPE, visible(error.type()));
        HttpResponseStatus status = status(outcome.kind(), error.type());
        if (status.equals(HttpResponseStatus.TOO_MANY_REQUESTS)
                || status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            headers.put(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
        }
        return Reply.json(status, json(outcome, error), headers);
    }

    /** A header holds no line ends, whatever the name of an exception does. */
    private static String visible(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "?");
    }

    private static HttpResponseStatus status(OutcomeKind kind, String type) {
        return switch (kind) {
            case SUCCEEDED -> HttpResponseStatus.OK;
            case FAILED -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
            case TIMED_OUT -> HttpResponseStatus.GATEWAY_TIMEOUT;
            case EXPIRED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case WORKER_LOST ->
                type.equals("NO_WORKER") ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.BAD_GATEWAY;
            case CANCELLED ->
                type.equals("SHUTDOWN") ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.CONFLICT;
            case REJECTED -> rejected(type);
            case UNKNOWN -> throw new IllegalArgumentException("no task of this service ends as UNKNOWN");
        };
    }

    /** By the names of the reasons, of which there may be more than these. */
    private static HttpResponseStatus rejected(String type) {
        return switch (type) {
            case "UNKNOWN_TASK" -> HttpResponseStatus.NOT_FOUND;
            case "QUEUE_FULL", "CLIENT_QUEUE_FULL" -> HttpResponseStatus.TOO_MANY_REQUESTS;
            case "PAYLOAD_TOO_LARGE" -> HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
            case "INVALID" -> HttpResponseStatus.BAD_REQUEST;
            default -> HttpResponseStatus.SERVICE_UNAVAILABLE;
        };
    }

    private static String json(Outcome outcome, TaskError error) {
        return AdminJson.text(json -> {
            json.writeStartObject();
            // The same field as in every other error of this service.
            json.writeStringField("error", error.message());
            json.writeStringField("outcome", outcome.kind().name());
            json.writeStringField("type", error.type());
            json.writeStringField("id", outcome.taskId() == 0 ? null : TaskId.format(outcome.taskId()));
            writeIfAny(json, "stack", error.stack());
            writeIfAny(json, "output", error.outputTail());
            writeIfAny(json, "autopsy", error.autopsy());
            json.writeEndObject();
        });
    }

    private static void writeIfAny(JsonGenerator json, String field, String text) throws IOException {
        if (!text.isEmpty()) {
            json.writeStringField(field, text.length() <= CUT_CHARS ? text : text.substring(0, CUT_CHARS) + "…");
        }
    }

    /** Of a task that has not ended, where to look for its outcome; of one that nothing more is known of, that. */
    static Reply stands(long taskId, TaskState state, String detail) {
        return switch (state) {
            case GONE -> Reply.error(HttpResponseStatus.NOT_FOUND, "task " + TaskId.format(taskId) + ": " + detail);
            case FINISHED -> Reply.error(HttpResponseStatus.GONE, "task " + TaskId.format(taskId) + ": " + detail);
            case QUEUED, RUNNING, WAITING, CANCELLING -> unfinished(taskId, state, detail);
        };
    }

    private static Reply unfinished(long taskId, TaskState state, String detail) {
        String id = TaskId.format(taskId);
        String json = AdminJson.text(out -> {
            out.writeStartObject();
            out.writeStringField("id", id);
            out.writeStringField("state", AdminJson.lower(state));
            out.writeStringField("detail", detail);
            out.writeEndObject();
        });
        return Reply.json(
                HttpResponseStatus.ACCEPTED,
                json,
                Map.of(
                        HttpHeaderNames.LOCATION,
                        TaskApi.PREFIX + id,
                        HttpHeaderNames.RETRY_AFTER,
                        RETRY_SECONDS,
                        TASK_ID,
                        id));
    }

    /** The answer to a cancel that came too late. */
    static Reply tooLate(long taskId) {
        return Reply.error(
                HttpResponseStatus.CONFLICT,
                "task " + TaskId.format(taskId) + " has ended already; GET it for its outcome");
    }
}
