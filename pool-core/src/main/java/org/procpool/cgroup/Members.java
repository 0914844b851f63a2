package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes of a group and of those in it. Any thread. */
final class Members {

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    /** Those that start others while they are looked for may leave one behind; not for ever. */
    private static final int ROUNDS_MAX = 20;

    private static final long SELF = ProcessHandle.current().pid();

    private Members() {}

    static List<Long> of(Path group) {
        List<Long> pids = new ArrayList<>();
        for (Path directory : withThoseIn(group)) {
            ControlGroups.text(directory.resolve(ControlGroups.PROCESSES))
                    .lines()
                    .filter(line -> line.matches("\\d{1,10}"))
                    .map(Long::valueOf)
                    .forEach(pids::add);
        }
        return pids;
    }

    /** One by one, until there is none that has not been killed. */
    static void kill(Path group) {
        Set<Long> killed = new HashSet<>(Set.of(SELF));
        for (int round = 0; round < ROUNDS_MAX && killOthers(group, killed); round++) {
            // Again, for what those have started in the meantime.
        }
    }

    private static boolean killOthers(Path group, Set<Long> killed) {
        boolean found = false;
        for (long pid : of(group)) {
            if (killed.add(pid)) {
                found = true;
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        return found;
    }

    /** Removes a group and those in it, as the kernel allows when no process is there. True if it is gone. */
    static boolean remove(Path group) {
        List<Path> directories = withThoseIn(group);
        for (int i = directories.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(directories.get(i));
            } catch (IOException e) {
                LOG.debug("the control group {} is there still: {}", directories.get(i), e.toString());
                return false;
            }
        }
        return true;
    }

    /** Outer ones first. */
    private static List<Path> withThoseIn(Path group) {
        List<Path> all = new ArrayList<>(List.of(group));
        for (int i = 0; i < all.size(); i++) {
            try (DirectoryStream<Path> inner = Files.newDirectoryStream(all.get(i), Files::isDirectory)) {
                inner.forEach(all::add);
            } catch (IOException | DirectoryIteratorException e) {
                LOG.trace("{} is gone meanwhile", all.get(i), e);
            }
        }
        return all;
    }
}
