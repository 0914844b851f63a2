package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says about a process in {@code /proc/PID/stat}. Reading it takes some microseconds and waits for
 * nothing that the process holds.
 *
 * @param state R, S, D, T, t, Z, X …
 * @param session pid of the session's leader
 * @param cpuTicks user and system time, without that of children
 * @param startTicks when it was started, since the machine was; with the pid it names a process for good
 */
record ProcessStat(char state, long session, long cpuTicks, long startTicks) {

    private static final Path PROC = Path.of("/proc");
    /** USER_HZ, which programs see as 100 on all of Linux's platforms in use, whatever the kernel's own clock is. */
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1) / 100;

    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;
    private static final String RESIDENT = "VmRSS:";

    /** Null if there is no such process, or no such system. */
    static @Nullable ProcessStat read(long pid) {
        try {
            return parse(Files.readString(file(pid, "stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** {@code pid (name) state parent group session …}, where the name may hold spaces, parentheses and line ends. */
    static ProcessStat parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
        return new ProcessStat(
                fields[0].charAt(0),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]),
                Long.parseLong(fields[START_TICKS]));
    }

    static Path file(long pid, String name) {
        return PROC.resolve(Long.toString(pid)).resolve(name);
    }

    /** A look at a process, with its memory; null if there is no such process, or no such system. */
    static @Nullable ProcessLook look(long pid) {
        ProcessStat stat = read(pid);
        return stat == null
                ? null
                : new ProcessLook(stat.isStopped(), stat.cpuTicks * TICK_NANOS, residentBytes(file(pid, "status")));
    }

    /** Stopped by a signal (T) or by a debugger (t). */
    boolean isStopped() {
        return state == 'T' || state == 't';
    }

    /** Whether it does nothing any more, and only waits to be reaped. */
    boolean isDead() {
        return state == 'Z' || state == 'X';
    }

    /** 0 if it cannot be known, or has none left. */
    static long residentBytes(Path status) {
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(RESIDENT)) {
                    String[] words = line.substring(RESIDENT.length()).strip().split(" ", 2);
                    return Long.parseLong(words[0]) * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
