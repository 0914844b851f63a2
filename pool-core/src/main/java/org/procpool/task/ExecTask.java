package org.procpool.task;

import java.util.List;
import org.procpool.proto.TaskNames;

/**
 * A task that is a command: it runs once for each task of that name, without a shell. Its standard input is the
 * payload, its standard output the result; with <code>{}</code> in a word that stands for the payload, and there is no
 * input.
 *
 * @param command the program, looked up on the PATH unless it has a slash, and its arguments
 */
public record ExecTask(String name, List<String> command) {

    /**
     * Checks the name and that there is a program.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public ExecTask {
        if (!TaskNames.isValid(name)) {
            throw new IllegalArgumentException("exec task '" + name + "' has an impossible name: that has 1 to "
                    + TaskNames.BYTES_MAX + " bytes of visible UTF-8 without spaces");
        }
        command = List.copyOf(command);
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new IllegalArgumentException("exec task '" + name + "' has no command; give a program and its words");
        }
    }
}
