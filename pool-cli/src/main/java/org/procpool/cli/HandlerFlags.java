package org.procpool.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What workers are to run, and with which Java. */
final class HandlerFlags {

    @Option(
            names = "--handlers",
            paramLabel = "CP",
            description = "Class path of your handlers: jars, directories of classes, directories of jars, with ':' in"
                    + " between. Default: the samples.")
    private @Nullable String handlers;

    @Option(
            names = "--providers",
            paramLabel = "CLASS",
            split = ",",
            description = "Classes in it that implement HandlerProvider; default: those that the service loader finds.")
    private List<String> providers = new ArrayList<>();

    @Option(names = "--worker-java", paramLabel = "FILE", description = "The java of the workers; default: this one.")
    private @Nullable Path workerJava;

    /**
     * Class path of the handlers, as absolute paths.
     *
     * @param otherwise if none is given
     */
    List<Path> classPath(List<Path> otherwise) {
        if (handlers == null) {
            return otherwise;
        }
        List<Path> paths = new ArrayList<>();
        for (String entry : handlers.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                paths.add(Path.of(entry).toAbsolutePath());
            }
        }
        return paths;
    }

    boolean namesHandlers() {
        return handlers != null;
    }

    List<String> providers() {
        return providers;
    }

    @Nullable
    Path workerJava() {
        return workerJava;
    }
}
