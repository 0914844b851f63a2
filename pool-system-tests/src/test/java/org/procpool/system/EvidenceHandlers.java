package org.procpool.system;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/**
 * Handlers that put on file what they have done, so that nobody need take the pool's word for it. Public, because
 * workers make one by its name.
 */
public final class EvidenceHandlers implements HandlerProvider {

    private static final String NAME = "tally";

    /** Opened by the first task; one file for each process. A stream, since an interrupt would close a channel. */
    private @Nullable OutputStream file;

    @Override
    public Map<String, TaskHandler> handlers() {
        Map<String, TaskHandler> handlers = new HashMap<>();
        handlers.put("tally", this::tally);
        handlers.put("halt-while", EvidenceHandlers::haltWhile);
        return handlers;
    }

    /**
     * For {@code DIRECTORY NUMBER MICROS}: puts its number on file, works for so long, and puts on file whether it was
     * interrupted meanwhile, which it does not heed.
     */
    private Payload tally(TaskContext context, Payload payload) throws IOException {
        String[] words = payload.text().split(" ", -1);
        write(Path.of(words[0]), "began " + words[1] + "\n");
        long nanos = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[2]));
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
        // Also one that was meant for the task before this one.
        if (Thread.interrupted()) {
            write(Path.of(words[0]), "interrupted " + words[1] + "\n");
        }
        return Payload.of(words[1]);
    }

    private void write(Path directory, String line) throws IOException {
        OutputStream open = file;
        if (open == null) {
            Path path = directory.resolve(NAME + "-" + ProcessHandle.current().pid());
            open = new FileOutputStream(path.toFile(), true);
            file = open;
        }
        open.write(line.getBytes(StandardCharsets.US_ASCII));
    }

    /** Takes its worker along as long as the file named by the payload is there. */
    private static Payload haltWhile(TaskContext context, Payload payload) {
        if (Files.exists(Path.of(payload.text()))) {
            Runtime.getRuntime().halt(7);
        }
        return Payload.of("well again");
    }

    /**
     * What tasks have put on file.
     *
     * @param began the numbers of those that ran, once for each time
     * @param interrupted the numbers of those that were interrupted
     */
    record Tally(List<Integer> began, List<Integer> interrupted) {

        static Tally read(Path directory) throws IOException {
            Tally tally = new Tally(new ArrayList<>(), new ArrayList<>());
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.getFileName().toString().startsWith(NAME + "-"))
                        .forEach(tally::add);
            }
            return tally;
        }

        private void add(Path path) {
            try {
                for (String line : Files.readAllLines(path)) {
                    String[] words = line.split(" ", 2);
                    (words[0].equals("began") ? began : interrupted).add(Integer.valueOf(words[1]));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
