package org.procpool.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the system says of a process; zeros where there is no {@code /proc}. */
record ProcessStat(long cpuMillis, long residentKib, long residentPeakKib) {

    private static final int UTIME_AFTER_NAME = 11;
    /** Of the children that it has reaped, and of those that they had. */
    private static final int REAPED_AFTER_NAME = 13;

    /** The unit of the file, which the kernel fixes for programs. */
    private static final int MILLIS_PER_TICK = 10;

    static ProcessStat of(long pid) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        if (!Files.exists(directory)) {
            return new ProcessStat(0, 0, 0);
        }
        return new ProcessStat(
                cpuMillis(directory, UTIME_AFTER_NAME), kib(directory, "VmRSS:"), kib(directory, "VmHWM:"));
    }

    /** In user mode, and in the kernel, which is the field behind. */
    private static long cpuMillis(Path directory, int field) throws IOException {
        String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) * MILLIS_PER_TICK;
    }

    private static long kib(Path directory, String field) throws IOException {
        for (String line : Files.readAllLines(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** Of all that a process has started, the dead included. */
    static long offspringCpuMillis(long pid) throws IOException {
        Path directory = Path.of("/proc", Long.toString(pid));
        long sum = Files.exists(directory) ? cpuMillis(directory, REAPED_AFTER_NAME) : 0;
        return sum + familyCpuMillis(pid) - of(pid).cpuMillis();
    }

    /** Of a process and all that it has started and that lives. */
    static long familyCpuMillis(long pid) throws IOException {
        long sum = of(pid).cpuMillis();
        for (ProcessHandle child : descendants(pid)) {
            sum += of(child.pid()).cpuMillis();
        }
        return sum;
    }

    /** Of all that it has started. */
    static long largestChildPeakKib(long pid) throws IOException {
        long largest = 0;
        for (ProcessHandle child : descendants(pid)) {
            largest = Math.max(largest, of(child.pid()).residentPeakKib());
        }
        return largest;
    }

    private static List<ProcessHandle> descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }
}
