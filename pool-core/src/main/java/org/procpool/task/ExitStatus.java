package org.procpool.task;

import java.util.Map;

/**
 * How a process ended, as the JDK reports it.
 *
 * @param code exit code, or 128 + the signal's number; a process that exits with such a code by itself looks the same
 */
public record ExitStatus(int code) {

    private static final int SIGNAL_BASE = 128;
    private static final int SIGNAL_MAX = 64;
    private static final Map<Integer, String> SIGNALS = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(5, "SIGTRAP"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"),
            Map.entry(24, "SIGXCPU"),
            Map.entry(25, "SIGXFSZ"),
            Map.entry(31, "SIGSYS"));

    public boolean signalled() {
        return code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX;
    }

    /** The signal's name, or {@code EXIT_<code>}: one word, fit for the type of an error. */
    public String name() {
        int signal = code - SIGNAL_BASE;
        return signalled() ? SIGNALS.getOrDefault(signal, "SIGNAL_" + signal) : "EXIT_" + code;
    }

    /** For people: {@code exit code 1} or {@code signal 9 (SIGKILL)}. */
    @Override
    public String toString() {
        return signalled() ? "signal " + (code - SIGNAL_BASE) + " (" + name() + ")" : "exit code " + code;
    }
}
