package org.procpool.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a pool keeps its socket and its workers' directories: a directory of its own, mode 0700, below a base that only
 * this user can enter. A lock that dies with the process tells a living pool's directory from a dead one's, which the
 * next pool removes. Not thread-safe.
 */
public final class RunDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final String PREFIX = "pool-";
    private static final String LOCK = "lock";
    private static final String SOCKET = "s";
    /** sockaddr_un has room for 108 bytes with the closing zero; some systems have fewer. */
    private static final int SOCKET_PATH_BYTES_MAX = 103;

    /**
     * Of the living pools of this process. Their locks must not be tried: closing a file gives up all locks that the
     * process holds on it.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lockFile;

    private RunDirectory(Path directory, FileChannel lockFile) {
        this.directory = directory;
        this.lockFile = lockFile;
    }

    /** The place that systemd, the desktop session or else the temp directory has for this user's sockets. */
    public static Path defaultBase() {
        String runtime = System.getenv("RUNTIME_DIRECTORY");
        if (runtime != null && !runtime.isEmpty()) {
            return Path.of(runtime.split(":", 2)[0]);
        }
        String session = System.getenv("XDG_RUNTIME_DIR");
        if (session != null && !session.isEmpty()) {
            return Path.of(session, "procpool");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "procpool-" + System.getProperty("user.name"));
    }

    /**
     * Makes sure that the base exists and that only this user can enter it.
     *
     * @throws IOException with a sentence for people if it cannot be made or belongs to somebody else
     */
    public static void prepareBase(Path base) throws IOException {
        try {
            Files.createDirectories(base.toAbsolutePath().getParent());
            Files.createDirectory(base, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (IOException e) {
            if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(
                        "cannot make the run directory " + base + " ("
                                + e.getClass().getSimpleName() + ": " + e.getMessage()
                                + "); choose another with --run-dir",
                        e);
            }
        }
        if (!Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the run directory " + base + " is not a directory; choose another with --run-dir");
        }
        String owner = Files.getOwner(base, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new IOException("the run directory " + base + " belongs to " + owner + ", not to "
                    + System.getProperty("user.name") + "; choose another with --run-dir");
        }
        if (!Files.isWritable(base)) {
            throw new IOException(
                    "no permission to write in the run directory " + base + "; choose another with --run-dir");
        }
        Files.setPosixFilePermissions(base, OWNER_ONLY);
    }

    /**
     * Makes a new pool's directory below the base and removes those of dead pools.
     *
     * @throws IOException with a sentence for people
     */
    public static RunDirectory create(Path base) throws IOException {
        prepareBase(base);
        Path directory = Files.createTempDirectory(
                base.toAbsolutePath(), PREFIX, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        int length = directory.resolve(SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SOCKET_PATH_BYTES_MAX) {
            Files.delete(directory);
            throw new IOException("the path of a socket in the run directory " + base + " would have " + length
                    + " bytes, the system allows " + SOCKET_PATH_BYTES_MAX + "; choose a shorter one with --run-dir");
        }
        OWN.add(directory.toRealPath());
        FileChannel lockFile = lock(directory);
        removeDead(base);
        return new RunDirectory(directory, lockFile);
    }

    /** The lock gets its name when it is held, so that nobody takes a directory for dead that is just being made. */
    private static FileChannel lock(Path directory) throws IOException {
        Path unheld = directory.resolve(LOCK + ".new");
        FileChannel file = FileChannel.open(unheld, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileLock lock = file.tryLock();
        if (lock == null) {
            file.close();
            throw new IOException("the new run directory " + directory + " is locked by another process");
        }
        Files.move(unheld, directory.resolve(LOCK));
        return file;
    }

    /** Where the pool listens for its workers. */
    public Path socket() {
        return directory.resolve(SOCKET);
    }

    /** A place for one worker; not made yet. */
    public Path workerDirectory(String worker) {
        return directory.resolve(worker);
    }

    /** Removes the directory with everything in it. */
    @Override
    public void close() {
        deleteTree(directory);
        OWN.removeIf(own -> own.endsWith(directory.getFileName()));
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.debug("closing the lock of {} failed: {}", directory, e.toString());
        }
    }

    private static void removeDead(Path base) throws IOException {
        List<Path> pools;
        try (Stream<Path> entries = Files.list(base.toRealPath())) {
            pools = entries.filter(entry -> !OWN.contains(entry))
                    .filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path pool : pools) {
            if (isDead(pool)) {
                LOG.info("removing {}, left behind by a pool that is dead", pool);
                deleteTree(pool);
            }
        }
    }

    private static boolean isDead(Path pool) {
        try (FileChannel file = FileChannel.open(pool.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException | NoSuchFileException e) {
            // Locked by this very process, or not locked yet.
            return false;
        } catch (IOException e) {
            LOG.debug("cannot tell whether {} is in use: {}", pool, e.toString());
            return false;
        }
    }

    /** Removes a directory with everything in it; what cannot be removed is left for the next start. */
    static void deleteTree(Path root) {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path directory, @org.jspecify.annotations.Nullable IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} could not be removed: {}", root, e.toString());
        }
    }
}
