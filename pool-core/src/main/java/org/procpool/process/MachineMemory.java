package org.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process and those that it starts may use together.
 *
 * @param bytes 0 = not known
 * @param source where the number comes from, for people; empty if it is not known
 */
public record MachineMemory(long bytes, String source) {

    public static final MachineMemory UNKNOWN = new MachineMemory(0, "");

    private static final String CONTROL_GROUP = "control group";
    private static final String MACHINE = "machine";
    private static final String MOUNT = "sys/fs/cgroup";

    /**
     * Looks at what the control groups of this process allow, all of them up to the root, and at what the machine has;
     * the least counts. Costs a few small files.
     *
     * @param root of the file system
     */
    public static MachineMemory look(Path root) {
        MachineMemory least = machine(root);
        for (String line : text(root.resolve("proc/self/cgroup")).lines().toList()) {
            // hierarchy:controllers:path
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                least = least.orLess(limit(root.resolve(MOUNT), fields[2], "memory.max"));
            } else if (fields.length == 3 && (',' + fields[1] + ',').contains(",memory,")) {
                least = least.orLess(limit(root.resolve(MOUNT).resolve("memory"), fields[2], "memory.limit_in_bytes"));
            }
        }
        return least;
    }

    private static MachineMemory machine(Path root) {
        String total = text(root.resolve("proc/meminfo")).replaceFirst("(?s)^MemTotal:\\s+(\\d+) kB.*", "$1");
        return total.matches("\\d{1,15}") ? new MachineMemory(Long.parseLong(total) << 10, MACHINE) : UNKNOWN;
    }

    private MachineMemory orLess(long limit) {
        return limit > 0 && (bytes == 0 || limit < bytes) ? new MachineMemory(limit, CONTROL_GROUP) : this;
    }

    /** The least of the group and those above it; 0 if none sets one. In a container the path may be the host's. */
    private static long limit(Path mount, String group, String file) {
        long least = 0;
        for (Path path = Path.of("/").relativize(Path.of(group)); path != null; path = path.getParent()) {
            least = lesser(least, text(mount.resolve(path).resolve(file)));
        }
        return lesser(least, text(mount.resolve(file)));
    }

    private static long lesser(long least, String text) {
        // "max", or a number that is none, such as version 1 gives where there is no limit.
        long limit = text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
        return limit > 0 && (least == 0 || limit < least) ? limit : least;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
