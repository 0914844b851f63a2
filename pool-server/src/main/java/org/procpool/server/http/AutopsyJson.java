package org.procpool.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.procpool.proto.TaskId;
import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;

/** Reports of dead workers as JSON. */
final class AutopsyJson {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private AutopsyJson() {}

    static String list(List<Autopsy> autopsies) {
        return AdminJson.text(json -> {
            json.writeStartArray();
            for (Autopsy autopsy : autopsies) {
                write(json, autopsy);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, Autopsy autopsy) throws IOException {
        json.writeStartObject();
        json.writeNumberField("worker", autopsy.worker().slot());
        json.writeNumberField("generation", autopsy.worker().generation());
        json.writeNumberField("pid", autopsy.pid());
        json.writeStringField("at", autopsy.at() == null ? null : autopsy.at().toString());
        writeEnd(json, autopsy);
        json.writeStringField("detail", autopsy.detail());
        json.writeNumberField("uptimeMillis", autopsy.uptimeNanos() / NANOS_PER_MILLI);
        json.writeNumberField("tasks", autopsy.results());
        json.writeStringField("task", autopsy.task());
        json.writeStringField("taskId", autopsy.taskId() == 0 ? null : TaskId.format(autopsy.taskId()));
        json.writeNumberField("attempt", autopsy.attempt());
        json.writeNumberField("ranMillis", autopsy.ranNanos() / NANOS_PER_MILLI);
        writeAccount(json, autopsy.account());
        json.writeStringField("text", autopsy.text());
        json.writeEndObject();
    }

    /** Why and how, in a word each. */
    static void writeEnd(JsonGenerator json, Autopsy autopsy) throws IOException {
        json.writeStringField("reason", autopsy.why().name());
        json.writeStringField(
                "exit", autopsy.exit() == null ? null : autopsy.exit().toString());
    }

    private static void writeAccount(JsonGenerator json, DeathAccount account) throws IOException {
        json.writeObjectFieldStart("account");
        json.writeNumberField("inFlight", account.inFlight());
        json.writeNumberField("recovered", account.recovered());
        json.writeNumberField("wrapped", account.wrapped());
        json.writeNumberField("returned", account.returned());
        json.writeNumberField("lost", account.lost());
        json.writeEndObject();
    }
}
