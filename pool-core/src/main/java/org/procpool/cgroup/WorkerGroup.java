package org.procpool.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Sizes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control group of one worker process, or none. Any thread. */
public final class WorkerGroup {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerGroup.class);

    /** For workers that have no group of their own. */
    public static final WorkerGroup NONE = new WorkerGroup(null, List.of(), 0);

    /** Joins the groups and becomes the command, so that whatever that does is counted from the beginning. */
    private static final String JOIN =
            "while [ \"$1\" != -- ]; do echo 0 >\"$1\" || exit 126; shift; done; shift; exec \"$@\"";

    /** What was killed may be on its way out still, and holds the group for so long. */
    private static final Executor SOON = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private static final int ATTEMPTS_MAX = 500;

    private final @Nullable GroupVersion version;
    private final List<Path> group;
    private final long bound;
    private final CompletableFuture<Boolean> removed = new CompletableFuture<>();

    /**
     * Takes a group over.
     *
     * @param group which is there
     * @param bound of its memory, in bytes; 0 = none
     */
    WorkerGroup(@Nullable GroupVersion version, List<Path> group, long bound) {
        this.version = version;
        this.group = List.copyOf(group);
        this.bound = bound;
    }

    /** The words in front of the command of a process that is to be in the group; none if there is no group. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        if (version != null) {
            // The shell's name in its own messages.
            words.addAll(List.of("sh", "-c", JOIN, "procpool: control group"));
            group.forEach(directory ->
                    words.add(directory.resolve(ControlGroups.PROCESSES).toString()));
            words.add("--");
        }
        return words;
    }

    /** Kills all that is in the group. */
    public void kill() {
        if (version != null) {
            version.kill(group);
        }
    }

    /**
     * Whether the kernel has killed a process of the group for want of memory, and what to do about it, for people;
     * empty if it has not. To be asked before {@link #end}.
     */
    public String killedForMemory() {
        long kills = version == null ? 0 : version.kills(group);
        if (version == null || kills == 0) {
            return "";
        }
        String counter = " (oom_kill " + kills + ")";
        if (bound > 0 && version.reachedBound(group)) {
            return "killed by the kernel at its bound of " + Sizes.format(bound) + counter
                    + "; give it more by max-worker-memory, or the task less";
        }
        return "killed by the kernel" + counter + ", which had no memory left for the machine or for a control group"
                + " above the worker's; run fewer workers, or bound each by max-worker-memory";
    }

    /** Completes as {@link #end} does. */
    CompletableFuture<Boolean> removed() {
        return removed;
    }

    /**
     * Kills what is left in the group, and removes it, now or soon.
     *
     * @return completes when it has been removed, or with false when that was given up after some seconds
     */
    public CompletableFuture<Boolean> end() {
        end(ATTEMPTS_MAX);
        return removed;
    }

    private void end(int attempts) {
        kill();
        if (group.stream().map(Members::remove).reduce(true, Boolean::logicalAnd)) {
            removed.complete(true);
        } else if (attempts > 1) {
            SOON.execute(() -> end(attempts - 1));
        } else {
            LOG.warn(
                    "the control group {} cannot be removed: processes {} do not end", group, Members.of(group.get(0)));
            removed.complete(false);
        }
    }
}
