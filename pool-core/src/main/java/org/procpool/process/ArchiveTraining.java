package org.procpool.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.procpool.task.WorkerId;

/**
 * Makes an archive by letting a worker rehearse, without a supervisor and with handlers of its own. One use, on one
 * thread, which may be interrupted; no process outlives {@link #run}.
 */
final class ArchiveTraining {

    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(20);
    private static final int REASON_CHARS_MAX = 300;
    private static final String PROVIDER_FILE = "META-INF/services/org.procpool.worker.HandlerProvider";
    private static final String PROVIDER = "org.procpool.worker.RehearsalHandlers";

    private final WorkerCommand command;
    private final ArchiveFormat format;
    private final Path directory;
    private final long startNanos = System.nanoTime();

    /**
     * Prepares nothing yet.
     *
     * @param directory for this use alone, made and removed by the run; its path must leave room for a socket's name
     */
    ArchiveTraining(WorkerCommand command, ArchiveFormat format, Path directory) {
        this.command = command;
        this.format = format;
        this.directory = directory;
    }

    /**
     * Writes the archive.
     *
     * @throws IOException with the reason if there is none then
     */
    void run(Path archive) throws IOException, InterruptedException {
        try {
            byte[] settings = settings();
            for (List<String> arguments : format.steps(archive)) {
                step(command.rehearsalWords(directory, arguments), settings);
            }
            if (!Files.isRegularFile(archive)) {
                throw new IOException("the JVM wrote none" + said());
            }
            // What was written to a full disk would kill each worker at its boot; better this one.
            step(command.rehearsalWords(directory, format.useArgs(archive)), settings);
        } finally {
            PoolDirectory.deleteTree(directory);
            Files.deleteIfExists(ArchiveFormat.recording(archive));
        }
    }

    private byte[] settings() throws IOException {
        Path handlers = directory.resolve("handlers");
        Path providers = handlers.resolve(PROVIDER_FILE);
        Files.createDirectories(providers.getParent());
        Files.writeString(providers, PROVIDER + "\n");
        // A jar beside the directory, so that both ways of finding a handler are rehearsed.
        List<Path> handlerPath = List.of(handlers, command.classPath().get(0));
        WorkerSettings settings = new WorkerSettings(
                new WorkerId(1, 1), directory.resolve("s"), "00", handlerPath, List.of(), List.of(), List.of());
        String lines = new String(settings.lines(directory.resolve("scratch"), null, true), StandardCharsets.UTF_8);
        return ("rehearsal=true\n" + lines).getBytes(StandardCharsets.UTF_8);
    }

    private void step(List<String> words, byte[] settings) throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("s"));
        Process process = start(words);
        try {
            try (OutputStream input = process.getOutputStream()) {
                input.write(settings);
            } catch (IOException e) {
                // Not every step reads them; if it should have, its exit says more than a broken pipe.
            }
            if (!process.waitFor(startNanos + NANOS_MAX - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new IOException(
                        "it was not done within " + TimeUnit.NANOSECONDS.toSeconds(NANOS_MAX) + " s" + said());
            }
            if (process.exitValue() != 0) {
                throw new IOException("the rehearsing worker ended with exit code " + process.exitValue() + said());
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    /** On the launch thread, so that it dies with this process like any worker. */
    private Process start(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output().toFile());
        CompletableFuture<Process> started = new CompletableFuture<>();
        LaunchThread.execute(() -> {
            try {
                started.complete(builder.start());
            } catch (IOException e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new IOException("cannot start " + command.java() + ": " + e.getCause(), e);
        }
    }

    private Path output() {
        return directory.resolve("output");
    }

    private String said() {
        try {
            String text =
                    Files.readString(output(), StandardCharsets.ISO_8859_1).strip();
            String end = text.substring(Math.max(0, text.length() - REASON_CHARS_MAX));
            return end.isEmpty() ? "" : ", it said: " + end.replace('\n', ' ');
        } catch (IOException e) {
            return "";
        }
    }
}
