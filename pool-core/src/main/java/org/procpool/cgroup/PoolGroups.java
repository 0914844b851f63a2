package org.procpool.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Sizes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups of a pool: one for itself, and in it one for each worker process. Or none, and the reason. They
 * are called after the pool's directory, which no other pool ever has, and are on record there: so the next pool that
 * finds the directory of a dead one knows which groups were that one's. Any thread.
 */
public final class PoolGroups implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PoolGroups.class);
    private static final String RECORD = "control-groups";
    private static final String PREFIX = "procpool.";
    private static final long END_MILLIS_MAX = 6_000;

    private final GroupOptions options;
    private final @Nullable GroupVersion version;
    private final List<Path> pool;
    private final String obstacle;
    /** Those that have not been removed. */
    private final Set<WorkerGroup> workers = ConcurrentHashMap.newKeySet();

    private PoolGroups(GroupOptions options, @Nullable GroupVersion version, List<Path> pool, String obstacle) {
        this.options = options;
        this.version = version;
        this.pool = pool;
        this.obstacle = obstacle;
    }

    /** None. */
    public static PoolGroups none() {
        return new PoolGroups(GroupOptions.NONE, null, List.of(), "");
    }

    /**
     * Makes the pool's group, if that is wanted and possible.
     *
     * @param root of the file system
     * @param directory of the pool
     * @throws IOException with a sentence for people if it is required and not possible; nothing is left behind
     */
    public static PoolGroups open(Path root, GroupOptions options, Path directory) throws IOException {
        if (options.use() == GroupUse.OFF) {
            return new PoolGroups(options, null, List.of(), "");
        }
        String why;
        try {
            return make(ControlGroups.look(root), options, directory);
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        if (options.use() == GroupUse.REQUIRED) {
            throw new IOException("worker-cgroups is required, but workers can have no control groups of their own ("
                    + why + "); run it by systemd with Delegate=yes or as root, or say worker-cgroups auto");
        }
        return new PoolGroups(options, null, List.of(), why);
    }

    /** By one thread at a time: the first in this process moves it. */
    private static synchronized PoolGroups make(ControlGroups machine, GroupOptions options, Path directory)
            throws IOException {
        boolean bounded = options.memoryBytesMax() > 0;
        GroupVersion version = machine.choose(bounded);
        List<Path> pool = version.own().stream()
                .map(own -> own.resolve(PREFIX + directory.getFileName()))
                .toList();
        // First of all, so that none is ever made of which nobody knows.
        Files.write(directory.resolve(RECORD), pool.stream().map(Path::toString).toList());
        try {
            for (Path group : pool) {
                Files.createDirectory(group);
            }
            version.divide(pool, bounded);
            return new PoolGroups(options, version, pool, "");
        } catch (IOException e) {
            pool.forEach(Members::remove);
            throw e;
        }
    }

    /**
     * Ends and removes what a dead pool has left; waits for that, some seconds at most.
     *
     * @param directory of the pool, which is known to be dead
     */
    public static void endOfPool(Path directory) {
        String name = PREFIX + directory.getFileName();
        List<Path> left = new ArrayList<>();
        for (String line : ControlGroups.text(directory.resolve(RECORD)).lines().toList()) {
            Path group = Path.of(line);
            if (group.endsWith(name) && Files.isDirectory(group)) {
                left.add(group);
            }
        }
        if (!left.isEmpty()) {
            LOG.info("removing the control groups {} of a pool that is dead", left);
            GroupVersion version = Files.exists(left.get(0).resolve("cgroup.controllers"))
                    ? new VersionTwo(left.get(0))
                    : new VersionOne(left.get(0), null);
            await(List.of(new WorkerGroup(version, left, 0).end()));
        }
    }

    /**
     * Makes the group of a new worker process.
     *
     * @param worker no other of this pool is ever called so
     */
    public WorkerGroup worker(String worker) throws IOException {
        if (version == null) {
            return WorkerGroup.NONE;
        }
        List<Path> group = pool.stream().map(outer -> outer.resolve(worker)).toList();
        WorkerGroup made = new WorkerGroup(version, group, options.memoryBytesMax());
        workers.add(made);
        made.removed().thenAccept(removed -> workers.remove(made));
        try {
            for (Path directory : group) {
                Files.createDirectory(directory);
            }
            if (options.memoryBytesMax() > 0) {
                version.bound(group, options.memoryBytesMax());
            }
            return made;
        } catch (IOException e) {
            made.end();
            throw new IOException("cannot make the control group " + group.get(0) + ": " + e.getMessage(), e);
        }
    }

    /** For those who ask what became of the options. */
    public GroupState state() {
        return new GroupState(version == null ? 0 : version.number(), options.memoryBytesMax(), inForce());
    }

    private String inForce() {
        String bound = Sizes.format(options.memoryBytesMax());
        if (version != null) {
            return "each worker has a control group of its own (version " + version.number() + ", below " + pool.get(0)
                    + ")" + (options.memoryBytesMax() > 0 ? " with " + bound + " of memory at most" : "");
        }
        if (options.memoryBytesMax() > 0) {
            return "max-worker-memory of " + bound + " bounds only the heap of Java workers: "
                    + (obstacle.isEmpty() ? "worker-cgroups is off" : obstacle);
        }
        return obstacle.isEmpty() ? "" : "workers have no control groups of their own: " + obstacle;
    }

    /** Why there are none although they are wanted, for people; empty if there are some, or none are wanted. */
    public String obstacle() {
        return obstacle;
    }

    /** Ends all that is left, and removes the pool's group; waits for that, some seconds at most. */
    @Override
    public void close() {
        await(workers.stream().map(WorkerGroup::end).toList());
        for (Path group : pool) {
            if (!Members.remove(group)) {
                LOG.warn("the control group {} cannot be removed; the next pool on this run directory tries", group);
            }
        }
    }

    private static void await(List<CompletableFuture<Boolean>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]))
                    .get(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("still waiting for control groups to become empty; they stay behind");
        }
    }
}
