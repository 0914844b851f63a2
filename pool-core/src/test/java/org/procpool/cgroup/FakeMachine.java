package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder with files as the kernel has them. Unlike the kernel's, a new group in it has no files. */
final class FakeMachine {

    private final Path root;

    FakeMachine(Path root) {
        this.root = root;
    }

    Path file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text + "\n");
    }

    String text(String name) throws IOException {
        return Files.readString(root.resolve(name)).strip();
    }

    /** This process is in that group of version 2, which is delegated to it. */
    Path versionTwo(String path, String controllers) throws IOException {
        return versionTwo("", path, controllers);
    }

    Path versionTwo(String mount, String path, String controllers) throws IOException {
        String mounted = "sys/fs/cgroup/" + mount;
        file("proc/self/cgroup", "0::" + path);
        file(mounted + "/cgroup.controllers", controllers);
        file(mounted + path + "/cgroup.controllers", controllers);
        file(mounted + path + "/cgroup.subtree_control", "");
        return file(
                        mounted + path + "/cgroup.procs",
                        Long.toString(ProcessHandle.current().pid()))
                .getParent();
    }

    Path versionOne(String controller, String path) throws IOException {
        return file("sys/fs/cgroup/" + controller + path + "/cgroup.procs", "").getParent();
    }
}
