package org.procpool.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.procpool.proto.ExitName;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskId;

/**
 * Runs a command for each task, without a shell: its input is the payload, its output the result, and what it says on
 * standard error is the task's output. An exit code other than 0, or a signal, is a failure; the worker lives on. An
 * interrupt ends the command with all that it has started in its process group.
 */
final class ExecHandler implements TaskHandler {

    /** Stands for the payload in a word of the command, which then gets no input. */
    private static final String PAYLOAD = "{}";

    /** From SIGTERM to SIGKILL; shorter than the supervisor's usual grace. */
    private static final long TERM_MILLIS = 500;

    /** How long output may stay open behind the exit, in the hands of what the command has started. */
    private static final long LAST_OUTPUT_MILLIS = 500;

    private static final int ARGUMENT_BYTES_MAX = 120 * 1024;

    private final String name;
    private final List<String> command;
    private final Path directory;
    private final boolean takesArgument;

    /**
     * Runs nothing yet.
     *
     * @param command its words
     * @param directory to run it in
     */
    ExecHandler(String name, List<String> command, Path directory) {
        this.name = name;
        this.command = command;
        this.directory = directory;
        this.takesArgument = command.stream().anyMatch(word -> word.contains(PAYLOAD));
    }

    @Override
    public Payload handle(TaskContext context, Payload payload) throws Exception {
        Process process = start(context, payload);
        CommandGroup group = new CommandGroup(process);
        CommandStreams streams = new CommandStreams(
                process, takesArgument ? Payload.EMPTY : payload, context.payloadBytesMax(), group::kill);
        int code;
        try {
            code = process.waitFor();
            if (!streams.awaitEnd(LAST_OUTPUT_MILLIS)) {
                group.kill();
                streams.awaitEnd(LAST_OUTPUT_MILLIS);
            }
        } catch (InterruptedException e) {
            group.end(TERM_MILLIS);
            throw new InterruptedException("the command of '" + name + "' was ended");
        } finally {
            streams.close();
        }
        if (streams.overflown()) {
            throw new CommandFailedException(
                    "PAYLOAD_TOO_LARGE",
                    "the command of '" + name + "' printed more than the " + context.payloadBytesMax()
                            + " bytes that a result may have, and was ended");
        }
        if (code != 0) {
            throw new CommandFailedException(
                    ExitName.of(code), "the command of '" + name + "' ended with " + ExitName.text(code));
        }
        return Payload.of(streams.output());
    }

    private Process start(TaskContext context, Payload payload) throws IOException, CommandFailedException {
        ProcessBuilder builder = new ProcessBuilder(words(payload)).directory(directory.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PROCPOOL_TASK", name);
        environment.put("PROCPOOL_TASK_ID", TaskId.format(context.taskId()));
        environment.put("PROCPOOL_ATTEMPT", Integer.toString(context.attempt()));
        try {
            return builder.start();
        } catch (IOException e) {
            // Without the JDK's message, which has all words in it.
            throw new CommandFailedException("NOT_STARTED", "the command of '" + name + "' cannot be started");
        }
    }

    private List<String> words(Payload payload) throws CommandFailedException {
        if (!takesArgument) {
            return command;
        }
        String argument = payload.text();
        if (payload.size() > ARGUMENT_BYTES_MAX || argument.indexOf('\0') >= 0) {
            throw new CommandFailedException(
                    "INVALID",
                    "the payload cannot be an argument of the command of '" + name + "': that is text of at most "
                            + ARGUMENT_BYTES_MAX + " bytes, without a zero");
        }
        List<String> words = new ArrayList<>();
        for (String word : command) {
            words.add(word.replace(PAYLOAD, argument));
        }
        return words;
    }
}
