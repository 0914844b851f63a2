package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Control groups of version 2: one hierarchy for all. */
final class VersionTwo implements GroupVersion {

    private static final Logger LOG = LoggerFactory.getLogger(VersionTwo.class);
    private static final String DIVIDED = "cgroup.subtree_control";
    private static final String KILL = "cgroup.kill";
    private static final String FREEZE = "cgroup.freeze";
    private static final String EVENTS = "memory.events";
    private static final String SWAP_MAX = "memory.swap.max";

    private final Path own;

    VersionTwo(Path own) {
        this.own = own;
    }

    @Override
    public int number() {
        return 2;
    }

    @Override
    public List<Path> own() {
        return List.of(own);
    }

    @Override
    public void divide(List<Path> pool, boolean bounded) throws IOException {
        if (bounded) {
            divideOwn();
            Files.writeString(pool.get(0).resolve(DIVIDED), "+memory");
        }
    }

    /**
     * A group whose memory is divided may have no processes of its own, so this one leaves it for a group in it. It
     * stays there: what it would go back to is divided.
     */
    private void divideOwn() throws IOException {
        if (isDivided()) {
            return;
        }
        Path inner = own.resolve(ControlGroups.SUPERVISOR);
        Files.createDirectories(inner);
        move(inner);
        try {
            Files.writeString(own.resolve(DIVIDED), "+memory");
        } catch (IOException e) {
            move(own);
            Members.remove(inner);
            List<Long> others = Members.of(own);
            others.removeIf(pid -> pid == ProcessHandle.current().pid());
            throw new IOException(
                    others.isEmpty()
                            ? "the memory of " + own + " cannot be divided: " + e.getMessage()
                            : "in the control group " + own + " of this process there are others, such as pid "
                                    + others.get(0) + ", and it must have that for itself",
                    e);
        }
    }

    private boolean isDivided() {
        return List.of(ControlGroups.text(own.resolve(DIVIDED)).split(" ", -1)).contains("memory");
    }

    private static void move(Path group) throws IOException {
        Files.writeString(
                group.resolve(ControlGroups.PROCESSES),
                Long.toString(ProcessHandle.current().pid()));
    }

    @Override
    public void bound(List<Path> group, long bytes) throws IOException {
        Files.writeString(group.get(0).resolve("memory.max"), Long.toString(bytes));
        // Else it would be made slow instead of being ended.
        if (Files.exists(group.get(0).resolve(SWAP_MAX))) {
            Files.writeString(group.get(0).resolve(SWAP_MAX), "0");
        }
    }

    @Override
    public long kills(List<Path> group) {
        return ControlGroups.number(group.get(0).resolve(EVENTS), "oom_kill ");
    }

    @Override
    public boolean reachedBound(List<Path> group) {
        return ControlGroups.number(group.get(0).resolve(EVENTS), "oom ") > 0;
    }

    @Override
    public void kill(List<Path> group) {
        Path directory = group.get(0);
        try {
            if (Files.exists(directory.resolve(KILL))) {
                Files.writeString(directory.resolve(KILL), "1");
                return;
            }
            // Linux before 5.14. What is stopped starts no others, and can be killed as it is.
            Files.writeString(directory.resolve(FREEZE), "1");
        } catch (IOException e) {
            LOG.debug("the control group {} cannot be killed as one: {}", directory, e.toString());
        }
        Members.kill(directory);
    }
}
