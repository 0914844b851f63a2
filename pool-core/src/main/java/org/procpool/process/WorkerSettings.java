package org.procpool.process;

import java.io.File;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procpool.task.ExecTask;
import org.procpool.task.WorkerId;

/**
 * What a worker reads from its standard input, where no other process of the same user can: not from its arguments or
 * environment.
 *
 * @param socket to connect to
 * @param token one-time, in hexadecimal digits
 * @param handlers class path of the handlers, loaded apart from the worker's own
 * @param providers names of provider classes; empty = those that the service loader finds
 * @param exec tasks that are commands
 * @param more lines that are passed on as they are, {@code key=value}
 */
public record WorkerSettings(
        WorkerId worker,
        Path socket,
        String token,
        List<Path> handlers,
        List<String> providers,
        List<ExecTask> exec,
        List<String> more) {

    /**
     * As the worker reads them.
     *
     * @param recorder the page of its flight recorder; null if it has none
     * @param parentKnown whether its parent will be this process
     */
    byte[] lines(Path directory, @Nullable Path recorder, boolean parentKnown) {
        StringBuilder lines = new StringBuilder()
                .append("socket=")
                .append(socket)
                .append('\n')
                .append("worker=")
                .append(worker.slot())
                .append('\n')
                .append("generation=")
                .append(worker.generation())
                .append('\n')
                .append("token=")
                .append(token)
                .append('\n')
                .append("scratch=")
                .append(directory)
                .append('\n');
        if (parentKnown) {
            lines.append("parentPid=").append(ProcessHandle.current().pid()).append('\n');
        }
        if (recorder != null) {
            lines.append("recorder=").append(recorder).append('\n');
        }
        if (!handlers.isEmpty()) {
            lines.append("handlers=").append(classPath()).append('\n');
        }
        if (!providers.isEmpty()) {
            lines.append("providers=").append(String.join(",", providers)).append('\n');
        }
        addExec(lines);
        more.forEach(line -> lines.append(line).append('\n'));
        return lines.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where the handlers lie. */
    String classPath() {
        return handlers.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private void addExec(StringBuilder lines) {
        if (exec.isEmpty()) {
            return;
        }
        lines.append("execDirectory=").append(Path.of("").toAbsolutePath()).append('\n');
        int number = 0;
        for (ExecTask task : exec) {
            number++;
            lines.append("exec.").append(number).append('=').append(encoded(task.name()));
            Leash.words().forEach(word -> lines.append(' ').append(encoded(word)));
            task.command().forEach(word -> lines.append(' ').append(encoded(word)));
            lines.append('\n');
        }
    }

    /** Words may have spaces and ends of lines in them. */
    private static String encoded(String word) {
        return URLEncoder.encode(word, StandardCharsets.UTF_8);
    }
}
