package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control groups that this process is in, which are what it could divide among its workers.
 *
 * @param unified of version 2; null if there is none
 * @param unifiedMemory whether that one can bound memory
 * @param memory of version 1, which bounds memory; null if there is none
 * @param freezer of version 1, which stops all processes at once; null if there is none
 */
public record ControlGroups(
        @Nullable Path unified,
        boolean unifiedMemory,
        @Nullable Path memory,
        @Nullable Path freezer) {

    /** A supervisor leaves its group for this one in it, since a group of version 2 has processes or divides memory. */
    static final String SUPERVISOR = "procpool.supervisor";

    static final String PROCESSES = "cgroup.procs";
    private static final String CONTROLLERS = "cgroup.controllers";

    /**
     * Looks for them. Costs a few small files.
     *
     * @param root of the file system
     */
    public static ControlGroups look(Path root) {
        Path mounts = root.resolve("sys/fs/cgroup");
        Path unified = null;
        Path memory = null;
        Path freezer = null;
        for (String line : text(root.resolve("proc/self/cgroup")).lines().toList()) {
            // hierarchy:controllers:path
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            List<String> controllers = List.of(fields[1].split(",", -1));
            if (fields[1].isEmpty()) {
                unified = unified(mounts, fields[2]);
            } else if (controllers.contains("memory")) {
                memory = group(mounts.resolve("memory"), fields[2]);
            } else if (controllers.contains("freezer")) {
                freezer = group(mounts.resolve("freezer"), fields[2]);
            }
        }
        boolean unifiedMemory = unified != null
                && List.of(text(unified.resolve(CONTROLLERS)).split(" ", -1)).contains("memory");
        return new ControlGroups(unified, unifiedMemory, memory, freezer);
    }

    private static @Nullable Path unified(Path mounts, String path) {
        // Alone, or beside version 1.
        for (Path mount : List.of(mounts, mounts.resolve("unified"))) {
            if (Files.exists(mount.resolve(CONTROLLERS))) {
                Path own = group(mount, path);
                return own != null && own.endsWith(SUPERVISOR) ? own.getParent() : own;
            }
        }
        return null;
    }

    /** In a container the path may be the host's; then the container's own group is what is mounted. */
    private static @Nullable Path group(Path mount, String path) {
        Path group = mount.resolve(Path.of("/").relativize(Path.of(path))).normalize();
        if (group.startsWith(mount) && Files.isDirectory(group)) {
            return group;
        }
        return Files.isDirectory(mount) ? mount : null;
    }

    /** What there is, for people. */
    public String found() {
        if (unified != null && (unifiedMemory || memory == null)) {
            return "version 2, " + (unifiedMemory ? "with" : "without") + " the memory controller, " + owner(unified);
        }
        return memory == null ? "none" : "version 1, with the memory controller, " + owner(memory);
    }

    private static String owner(Path group) {
        return isOurs(group) ? "ours to divide" : "not delegated to us";
    }

    /** Whether a worker's memory can be bounded, as far as can be told without trying. */
    public boolean boundMemory() {
        return unifiedMemory && isOurs(unified) || isOurs(memory);
    }

    /**
     * Those that are to be used.
     *
     * @param bounded whether they must be able to bound memory
     * @throws IOException with half a sentence for people that says why there are none
     */
    GroupVersion choose(boolean bounded) throws IOException {
        if (unified != null && (unifiedMemory || !bounded) && isOurs(unified)) {
            return new VersionTwo(unified);
        }
        if (memory != null && isOurs(memory)) {
            return new VersionOne(memory, isOurs(freezer) ? freezer : null);
        }
        throw new IOException("of control groups this machine has for us: " + found());
    }

    private static boolean isOurs(@Nullable Path group) {
        return group != null && Files.isWritable(group) && Files.isWritable(group.resolve(PROCESSES));
    }

    /** What is in a file of the kernel; empty if it cannot be read. */
    static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The number behind that word at the beginning of a line; 0 if there is none. */
    static long number(Path file, String word) {
        return text(file)
                .lines()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .filter(number -> number.matches("\\d{1,18}"))
                .findFirst()
                .map(Long::valueOf)
                .orElse(0L);
    }
}
