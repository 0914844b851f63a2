package org.procpool.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import picocli.CommandLine.Option;

/** The input of a task, typed or in a file. */
final class TextOrFile {

    @Option(names = "--text", paramLabel = "S", description = "The input, as UTF-8.")
    private @Nullable String text;

    @Option(names = "--file", paramLabel = "F", description = "Takes the input from this file.")
    private @Nullable Path file;

    @Nullable
    String text() {
        return text;
    }

    @Nullable
    Path file() {
        return file;
    }

    /** Nothing if neither was given. */
    Payload payload(PayloadReader reader) {
        if (text != null) {
            return reader.text(text);
        }
        return file == null ? Payload.EMPTY : reader.file(file);
    }
}
