package org.procpool.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.task.ExitStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive of loaded classes that a pool's workers boot from, which takes a good part of the boot time away. Made in
 * the background at the first use and shared by all pools of the user; never a reason not to boot. Methods without a
 * thread of their own return at once and may be called by any.
 */
public final class WorkerArchive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerArchive.class);
    private static final long CLOSE_MILLIS_MAX = 2_000;
    /** What a launcher answers to arguments that the JVM does not take. */
    private static final int EXIT_ARGUMENTS = 1;
    /** ILL, ABRT, BUS, FPE, SEGV: what a JVM dies of when its class data are not what it thinks. */
    private static final List<String> CRASHES = List.of("SIGILL", "SIGABRT", "SIGBUS", "SIGFPE", "SIGSEGV");
    /** With these somebody else decides on the archive, or an agent sees every class and forbids one. */
    private static final List<String> NOT_OURS = List.of(
            "@",
            "-Xshare",
            "-XX:SharedArchiveFile",
            "-XX:ArchiveClassesAtExit",
            "-XX:+AutoCreateSharedArchive",
            "-XX:AOT",
            "-XX:Flags",
            "-XX:VMOptionsFile",
            "-Xbootclasspath",
            "--patch-module",
            "--upgrade-module-path",
            "-javaagent",
            "-agent",
            "-Xrun",
            "-Xdebug");

    private final WorkerCommand command;
    private final @Nullable ArchiveFormat format;
    private final @Nullable ArchiveKey key;
    private final @Nullable ArchiveStore store;

    /** Found sound, and not changed since. Written by the launch thread, read by the pool's loop. */
    private volatile @Nullable Path file;

    /** Which file that was. Used by the launch thread only. */
    private @Nullable Object fileIdentity;

    /** Workers boot without from now on. Written by the pool's loop and who closes it, read by the launch thread. */
    private volatile boolean off;

    /** Guarded by this. */
    private @Nullable Thread training;

    private WorkerArchive(
            WorkerCommand command,
            @Nullable ArchiveFormat format,
            @Nullable ArchiveKey key,
            @Nullable ArchiveStore store) {
        this.command = command;
        this.format = format;
        this.key = key;
        this.store = store;
        this.off = store == null;
    }

    /** Where the archives of this user are kept unless the options say otherwise. */
    public static Path defaultDirectory() {
        return ArchiveStore.defaultDirectory();
    }

    /** No archive at all. */
    public static WorkerArchive none(WorkerCommand command) {
        return new WorkerArchive(command, null, null, null);
    }

    /** The archive for such workers; none, with one line in the log, where there can be none. */
    public static WorkerArchive open(WorkerCommand command, Path directory) {
        JavaInstallation installation = command.installation();
        ArchiveFormat format = installation == null ? null : ArchiveFormat.of(installation);
        if (installation == null || format == null || command.jvmArgs().stream().anyMatch(WorkerArchive::isNotOurs)) {
            LOG.debug("no class archive for {} with {}", command.java(), command.jvmArgs());
            return none(command);
        }
        try {
            ArchiveKey key = ArchiveKey.of(command, installation);
            if (key == null) {
                LOG.debug("no class archive: the workers' class path is not all jars");
                return none(command);
            }
            return new WorkerArchive(command, format, key, ArchiveStore.open(directory));
        } catch (IOException | RuntimeException e) {
            LOG.info("workers boot without a class archive: {}", e.toString());
            return none(command);
        }
    }

    private static boolean isNotOurs(String argument) {
        return NOT_OURS.stream().anyMatch(argument::startsWith);
    }

    /** What makes a worker boot from the archive; empty while there is none. Reads files: for the launch thread. */
    List<String> jvmArgs() {
        if (off || format == null || key == null || store == null) {
            return List.of();
        }
        Path known = file;
        if (known == null || !Objects.equals(fileIdentity, identity(known))) {
            known = store.find(key);
            fileIdentity = known == null ? null : identity(known);
            file = known;
        }
        return known == null ? List.of() : format.useArgs(known);
    }

    private static @Nullable Object identity(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Makes the archive if there is none, on a thread and in a process of its own. To be called when the first workers
     * are up, which it would only slow down. Without effect while it is at it.
     *
     * @param workDirectory for the training alone, with a path short enough for a socket in it
     */
    public synchronized void train(Path workDirectory) {
        if (off || training != null || format == null || key == null || store == null) {
            return;
        }
        ArchiveStore target = store;
        ArchiveKey name = key;
        ArchiveTraining work = new ArchiveTraining(command, format, workDirectory);
        training = new Thread(() -> make(target, name, work), "procpool-archive");
        training.setDaemon(true);
        training.start();
    }

    private static void make(ArchiveStore store, ArchiveKey key, ArchiveTraining training) {
        try {
            if (!store.has(key)) {
                makeNow(store, key, training);
            }
            store.clean(key);
        } catch (IOException | RuntimeException e) {
            LOG.info("workers boot without a class archive, none could be made: {}", e.getMessage());
        } catch (InterruptedException e) {
            LOG.debug("the pool closed before its class archive was made");
        }
    }

    private static void makeNow(ArchiveStore store, ArchiveKey key, ArchiveTraining training)
            throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        Path unfinished = store.unfinished();
        try {
            training.run(unfinished);
            if (store.has(key)) {
                return;
            }
            Path archive = store.publish(unfinished, key);
            LOG.info(
                    "made the class archive {} of {} KiB in {} ms: workers boot from it from now on",
                    archive,
                    Files.size(archive) >> 10,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /**
     * Hears of each worker that ended before it was ready. If its JVM crashed or did not take its arguments, the
     * archive may be why: this pool goes on without, and one that crashes is removed.
     */
    public void bootFailed(ExitStatus exit) {
        Path suspect = file;
        boolean crashed = CRASHES.contains(exit.name());
        if (off || suspect == null || !crashed && exit.code() != EXIT_ARGUMENTS) {
            return;
        }
        off = true;
        LOG.warn(
                "a worker ended with {} before it was ready: the pool goes on without the class archive {}",
                exit,
                suspect);
        if (crashed) {
            LaunchThread.execute(() -> remove(suspect));
        }
    }

    private static void remove(Path suspect) {
        try {
            Files.deleteIfExists(suspect);
        } catch (IOException e) {
            LOG.debug("the class archive {} could not be removed: {}", suspect, e.toString());
        }
    }

    /** Ends a training that is under way, and waits for that. */
    @Override
    public void close() {
        Thread thread;
        synchronized (this) {
            off = true;
            thread = training;
        }
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
