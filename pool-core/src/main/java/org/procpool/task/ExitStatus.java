package org.procpool.task;

import org.procpool.proto.ExitName;

/**
 * How a process ended, as the JDK reports it.
 *
 * @param code exit code, or 128 + the signal's number; a process that exits with such a code by itself looks the same
 */
public record ExitStatus(int code) {

    public boolean signalled() {
        return ExitName.isSignal(code);
    }

    /** The signal's name, or {@code EXIT_<code>}: one word, fit for the type of an error. */
    public String name() {
        return ExitName.of(code);
    }

    /** For people: {@code exit code 1} or {@code signal 9 (SIGKILL)}. */
    @Override
    public String toString() {
        return ExitName.text(code);
    }
}
