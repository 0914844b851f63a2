package org.procpool.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.procpool.client.TaskResult;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;

/** An outcome as one JSON object; the names of its fields are a contract with scripts. */
final class ResultJson {

    private static final JsonFactory JSON = new JsonFactory();

    private ResultJson() {}

    /**
     * The object, on one line.
     *
     * @param input which of a batch it is; null if there is only one
     * @param task the handler's name; null if the command does not know it
     */
    static String write(@Nullable String input, @Nullable String task, TaskResult result) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            if (input != null) {
                json.writeStringField("input", input);
            }
            json.writeStringField("id", result.taskId() == 0 ? null : TaskId.format(result.taskId()));
            json.writeStringField("task", task);
            json.writeStringField("outcome", result.outcome().name());
            writeWorker(json, result);
            json.writeNumberField("attempts", result.attempts());
            json.writeNumberField("queuedMicros", result.queuedMicros());
            json.writeNumberField("runMicros", result.runMicros());
            writeError(json, result.error());
            writePayload(json, result.payload());
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void writeWorker(JsonGenerator json, TaskResult result) throws IOException {
        if (result.workerId() == 0) {
            json.writeNullField("worker");
            return;
        }
        json.writeObjectFieldStart("worker");
        json.writeNumberField("id", result.workerId());
        json.writeNumberField("pid", result.workerPid());
        json.writeEndObject();
    }

    private static void writeError(JsonGenerator json, @Nullable TaskError error) throws IOException {
        if (error == null) {
            json.writeNullField("error");
            return;
        }
        json.writeObjectFieldStart("error");
        json.writeStringField("type", error.type());
        json.writeStringField("message", error.message());
        json.writeStringField("stack", error.stack());
        if (!error.outputTail().isEmpty()) {
            json.writeStringField("outputTail", error.outputTail());
        }
        if (!error.autopsy().isEmpty()) {
            json.writeStringField("autopsy", error.autopsy());
        }
        json.writeEndObject();
    }

    private static void writePayload(JsonGenerator json, Payload payload) throws IOException {
        String text = utf8(payload.buffer());
        if (text == null) {
            json.writeFieldName("payloadBase64");
            json.writeBinary(payload.bytes());
        } else {
            json.writeStringField("payload", text);
        }
    }

    /** The text, or null if the bytes are not UTF-8. */
    private static @Nullable String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
