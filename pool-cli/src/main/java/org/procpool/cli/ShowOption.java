package org.procpool.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.procpool.client.TaskResult;
import org.procpool.proto.Payload;
import picocli.CommandLine.Option;

/** What becomes of a result. */
final class ShowOption {

    /** The forms that there are. */
    enum Form {
        json
    }

    @Option(
            names = "--show",
            paramLabel = "json",
            description = "Prints one JSON object about the outcome, whatever it is, instead of the result's bytes.")
    private @Nullable Form form;

    @Option(names = "--output", paramLabel = "F", description = "Writes the result's bytes to this file instead.")
    private @Nullable Path output;

    boolean json() {
        return form == Form.json;
    }

    boolean toFile() {
        return output != null;
    }

    /**
     * Shows the outcome of a single task.
     *
     * @param subject for messages
     * @param task null if it is not known
     * @return the exit code
     */
    int show(Console console, String subject, @Nullable String task, TaskResult result) {
        if (json()) {
            console.print(ResultJson.write(null, task, result));
        }
        if (!result.succeeded()) {
            console.error(ResultText.sentence(subject, result));
        } else if (output != null) {
            save(result.payload(), output);
        } else if (!json()) {
            console.write(result.payload());
        }
        return ExitCode.of(result.outcome());
    }

    /**
     * Writes the bytes to a file, all or nothing: a reader never sees a part.
     *
     * @throws CliException naming the file
     */
    static void save(Payload payload, Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                // A device or a pipe cannot be replaced.
                try (OutputStream out = Files.newOutputStream(file)) {
                    Console.copy(payload, out);
                }
                return;
            }
            Path part = file.resolveSibling(file.getFileName() + ".part");
            try (OutputStream out = Files.newOutputStream(part)) {
                Console.copy(payload, out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write '" + file + "': " + FileErrors.why(e), e);
        }
    }
}
