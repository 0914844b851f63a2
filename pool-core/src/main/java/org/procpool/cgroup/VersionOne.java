package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Control groups of version 1: one hierarchy for memory, one that stops processes, if it is there for us. */
final class VersionOne implements GroupVersion {

    private static final Logger LOG = LoggerFactory.getLogger(VersionOne.class);
    private static final String MEMORY_MAX = "memory.limit_in_bytes";
    private static final String WITH_SWAP_MAX = "memory.memsw.limit_in_bytes";
    /** The most that is asked for at once. */
    private static final long HUGE_PAGE_BYTES = 2 << 20;

    private static final String KILLS = "oom_kill ";
    private static final String STATE = "freezer.state";

    private final List<Path> own;

    VersionOne(Path memory, @Nullable Path freezer) {
        own = freezer == null ? List.of(memory) : List.of(memory, freezer);
    }

    @Override
    public int number() {
        return 1;
    }

    @Override
    public List<Path> own() {
        return own;
    }

    @Override
    public void divide(List<Path> pool, boolean bounded) {
        // A group may have both processes and groups in it.
    }

    @Override
    public void bound(List<Path> group, long bytes) throws IOException {
        Path memory = group.get(0);
        String text = Long.toString(bytes);
        Files.writeString(memory.resolve(MEMORY_MAX), text);
        // The kernel counts swap only if it was told to at its start.
        if (Files.exists(memory.resolve(WITH_SWAP_MAX))) {
            Files.writeString(memory.resolve(WITH_SWAP_MAX), text);
        }
    }

    @Override
    public long kills(List<Path> group) {
        return ControlGroups.number(group.get(0).resolve("memory.oom_control"), KILLS);
    }

    @Override
    public boolean reachedBound(List<Path> group) {
        // Its counters of failures do not count those that swap, or the lack of it, is the cause of.
        long most = ControlGroups.number(group.get(0).resolve("memory.max_usage_in_bytes"), "");
        return most > 0
                && most + HUGE_PAGE_BYTES >= ControlGroups.number(group.get(0).resolve(MEMORY_MAX), "");
    }

    /** Stopped first, so that none of them can start another while they are killed; they die when they may go on. */
    @Override
    public void kill(List<Path> group) {
        if (group.size() == 1) {
            Members.kill(group.get(0));
            return;
        }
        freeze(group.get(1), "FROZEN");
        try {
            Members.kill(group.get(0));
        } finally {
            freeze(group.get(1), "THAWED");
        }
        // For one that was not yet stopped.
        Members.kill(group.get(0));
    }

    private static void freeze(Path freezer, String state) {
        try {
            Files.writeString(freezer.resolve(STATE), state);
        } catch (IOException e) {
            LOG.debug("{} does not become {}: {}", freezer, state, e.toString());
        }
    }
}
