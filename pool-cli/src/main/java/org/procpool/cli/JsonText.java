package org.procpool.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** Checks JSON that was typed, before a handler complains about it from far away. */
final class JsonText {

    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /**
     * Reads it to its end.
     *
     * @throws CliException usage, naming the column
     */
    static void check(String option, String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            int depth = 0;
            int values = 0;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            if (values != 1) {
                throw CliException.usage(option + " takes one JSON value, here are " + values);
            }
        } catch (JsonProcessingException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    option + " is not JSON: " + e.getOriginalMessage().replaceFirst(" \\(start marker.*", "")
                            + " (column " + e.getLocation().getColumnNr() + ")",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }
}
