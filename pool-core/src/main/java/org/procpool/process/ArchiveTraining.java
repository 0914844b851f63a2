package org.procpool.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.WorkerId;

/**
 * Makes an archive by letting a worker rehearse, without a supervisor and with handlers of its own. One use, on one
 * thread, which may be interrupted; no process outlives {@link #run}.
 */
final class ArchiveTraining {

    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final int REASON_CHARS_MAX = 300;
    /** More than a rehearsal has tasks. */
    private static final int OFFERS = 64;
    /** More than any result of a rehearsal. */
    private static final int SPOOL_BYTES = 1 << 20;

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
            prepareHandlers();
            step(command.rehearsalWords(directory, format.makeArgs(archive)));
            if (!Files.isRegularFile(archive)) {
                throw new IOException("the JVM wrote none" + said());
            }
            // What was written to a full disk would kill each worker at its boot; better this one.
            step(command.rehearsalWords(directory, format.useArgs(archive)));
        } finally {
            PoolDirectory.deleteTree(directory);
        }
    }

    /** A directory with a jar in it, so that both ways of finding a handler are rehearsed. */
    private void prepareHandlers() throws IOException {
        Files.createDirectories(handlers());
        try (JarOutputStream jar =
                new JarOutputStream(Files.newOutputStream(handlers().resolve("handlers.jar")))) {
            jar.putNextEntry(new ZipEntry(PROVIDER_FILE));
            jar.write(PROVIDER.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Path handlers() {
        return directory.resolve("handlers");
    }

    /** Everything that a worker may have, so that the classes for it are rehearsed too. */
    private byte[] settings(Path recorder) {
        List<Path> handlerPath = new ArrayList<>(List.of(handlers()));
        // And the libraries, since a rehearsal loads a class of one as if its handlers had brought it.
        handlerPath.addAll(command.classPath());
        List<String> more = List.of(
                "spool=" + directory,
                "spoolMemory=1",
                "spoolDisk=" + directory,
                "spoolFrom=" + SPOOL_BYTES,
                "rehearsal=true");
        WorkerSettings settings = new WorkerSettings(
                new WorkerId(1, 1), directory.resolve("s"), "00", handlerPath, List.of(), List.of(), more);
        return settings.lines(directory.resolve("scratch"), recorder, true);
    }

    private void step(List<String> words) throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("s"));
        try (SupervisorPage recorder = SupervisorPage.create(directory.resolve("recorder"), RecorderOptions.DEFAULT)) {
            for (int dispatch = 1; dispatch <= OFFERS; dispatch++) {
                recorder.offer(dispatch);
            }
            step(words, settings(recorder.file()));
        }
    }

    private void step(List<String> words, byte[] settings) throws IOException, InterruptedException {
        Process process = start(words);
        try {
            try (OutputStream input = process.getOutputStream()) {
                input.write(settings);
            } catch (IOException e) {
                // Its exit says more than a broken pipe.
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
