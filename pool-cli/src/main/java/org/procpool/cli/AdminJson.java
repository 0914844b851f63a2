package org.procpool.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** Reads what the admin HTTP says. Fields that are not there read as nothing: the server may be another version. */
final class AdminJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AdminJson() {}

    /**
     * Reads an answer.
     *
     * @throws CliException if it is not JSON
     */
    static JsonNode read(AdminOption admin, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new CliException(
                    ExitCode.UNREACHABLE, "what answers at " + admin + " is not procpool's admin HTTP", e);
        }
    }

    /** The reason in an error's body; null if it is not one of procpool's. */
    static @Nullable String error(String text) {
        try {
            JsonNode error = MAPPER.readTree(text).path("error");
            JsonNode message = error.isObject() ? error.path("message") : error;
            return message.isTextual() ? message.asText() : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
