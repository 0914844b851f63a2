package org.procpool.proto;

import java.util.Map;

/** What the end of a process is called, by the number that the JDK has for it: its exit code, or 128 + the signal's. */
public final class ExitName {

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

    private ExitName() {}

    /** Whether a signal ended it; a process that exits with such a code by itself looks the same. */
    public static boolean isSignal(int code) {
        return code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX;
    }

    /** The signal's name, or {@code EXIT_<code>}: one word, fit for the type of an error. */
    public static String of(int code) {
        int signal = code - SIGNAL_BASE;
        return isSignal(code) ? SIGNALS.getOrDefault(signal, "SIGNAL_" + signal) : "EXIT_" + code;
    }

    /** For people: {@code exit code 1} or {@code signal 9 (SIGKILL)}. */
    public static String text(int code) {
        return isSignal(code) ? "signal " + (code - SIGNAL_BASE) + " (" + of(code) + ")" : "exit code " + code;
    }
}
