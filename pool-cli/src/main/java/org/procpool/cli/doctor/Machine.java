package org.procpool.cli.doctor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.ControlGroups;
import org.procpool.process.MachineMemory;

/** The files and variables of a machine by which it is judged; in a test they are those of a made-up one. */
final class Machine {

    private final Path root;
    private final Map<String, String> environment;

    Machine(Path root, Map<String, String> environment) {
        this.root = root;
        this.environment = environment;
    }

    private Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** What is in a file; empty if it cannot be read. */
    String text(String file) {
        try {
            return Files.readString(path(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }

    MachineMemory memory() {
        return MachineMemory.look(root);
    }

    ControlGroups controlGroups() {
        return ControlGroups.look(root);
    }

    boolean exists(String file) {
        return Files.exists(path(file));
    }

    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Where the shell would find a program; null if nowhere. */
    @Nullable
    String program(String name) {
        for (String directory : variable("PATH").split(File.pathSeparator, -1)) {
            if (directory.startsWith("/") && Files.isExecutable(path(directory + "/" + name))) {
                return directory + "/" + name;
            }
        }
        return null;
    }

    /** The file system type of a directory by the longest mount point above it; empty if that is not known. */
    String fileSystem(String directory) {
        String best = "";
        String type = "";
        for (String line : text("/proc/self/mounts").lines().toList()) {
            String[] fields = line.split(" ", -1);
            boolean above = fields.length > 2
                    && (directory.equals(fields[1]) || directory.startsWith(fields[1].replaceFirst("/?$", "/")));
            if (above && fields[1].length() >= best.length()) {
                best = fields[1];
                type = fields[2];
            }
        }
        return type;
    }

    /** A limit of this process, as {@code /proc/self/limits} has it; -1 if it is not known or there is none. */
    long limit(String name) {
        for (String line : text("/proc/self/limits").lines().toList()) {
            if (line.startsWith(name)) {
                String soft = line.substring(name.length()).strip().split("\\s+", -1)[0];
                return soft.matches("\\d{1,18}") ? Long.parseLong(soft) : -1;
            }
        }
        return -1;
    }
}
