package org.procpool.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory processes have resident, where the system tells. */
final class ResidentMemory {

    private static final String LABEL = "VmRSS:";

    private ResidentMemory() {}

    /** In bytes; 0 if there is no such process, or no such system. */
    static long ofProcess(long pid) {
        return pid <= 0 ? 0 : ofStatusFile(Path.of("/proc", Long.toString(pid), "status"));
    }

    static long ofStatusFile(Path status) {
        try {
            // A process may have any bytes in its name, which is the first line.
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(LABEL)) {
                    String[] words = line.substring(LABEL.length()).strip().split(" ", 2);
                    return Long.parseLong(words[0]) * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
