package org.procpool.worker;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Who this process is and who started it. Read from {@code /proc} where there is one, because {@link ProcessHandle}
 * starts a thread pool and the machinery of lambdas for it, a tenth of a worker's boot time.
 *
 * @param parentPid 0 if there is none that can be seen from here
 */
record OwnProcess(long pid, long parentPid) {

    private static final int STAT_BYTES_MAX = 1024;

    static OwnProcess look() {
        try (InputStream in = new FileInputStream("/proc/self/stat")) {
            return parse(new String(in.readNBytes(STAT_BYTES_MAX), StandardCharsets.ISO_8859_1));
        } catch (IOException | RuntimeException e) {
            // No /proc, or one of another system.
            ProcessHandle self = ProcessHandle.current();
            ProcessHandle parent = self.parent().orElse(null);
            return new OwnProcess(self.pid(), parent == null ? 0 : parent.pid());
        }
    }

    /** {@code pid (name) state parent …}, where the name may hold spaces and parentheses. */
    static OwnProcess parse(String stat) {
        int stateStart = stat.lastIndexOf(')') + 2;
        int parentStart = stat.indexOf(' ', stateStart) + 1;
        return new OwnProcess(
                Long.parseLong(stat.substring(0, stat.indexOf(' '))),
                Long.parseLong(stat.substring(parentStart, stat.indexOf(' ', parentStart))));
    }
}
