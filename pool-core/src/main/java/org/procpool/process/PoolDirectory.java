package org.procpool.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool's own directory, mode 0700, below a base that only this user can enter. A lock that dies with the process
 * tells a living pool's directory from a dead one's, which the next pool removes. Not thread-safe.
 */
final class PoolDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PoolDirectory.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final String PREFIX = "pool-";
    private static final String LOCK = "lock";
    private static final Duration UNLOCKED_MAX = Duration.ofHours(1);

    private final Path directory;
    private final HeldFile lock;

    private PoolDirectory(Path directory, HeldFile lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Makes sure that the base exists and that only this user can enter it. Its parent must be there.
     *
     * @param name what the base is called, for the message
     * @param advice what to do about it, for the message
     * @throws IOException with a sentence for people if it cannot be made or belongs to somebody else
     */
    static void prepareBase(Path base, String name, String advice) throws IOException {
        String what = name + " " + base;
        try {
            Files.createDirectory(base, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (IOException e) {
            if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
                throw cannotMake(base, name, advice, e);
            }
        }
        if (!Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the " + what + " is not a directory; " + advice);
        }
        String owner = Files.getOwner(base, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new IOException("the " + what + " belongs to " + owner + ", not to " + System.getProperty("user.name")
                    + "; " + advice);
        }
        if (!Files.isWritable(base)) {
            throw new IOException("no permission to write in the " + what + "; " + advice);
        }
        // Workers of another user may be passing it; what is in it is closed to them all the same.
        if (!Files.getPosixFilePermissions(base).equals(Enclosure.PASSABLE)) {
            Files.setPosixFilePermissions(base, OWNER_ONLY);
        }
    }

    static IOException cannotMake(Path base, String name, String advice, IOException cause) {
        return new IOException(
                "cannot make the " + name + " " + base + " (" + cause.getClass().getSimpleName() + ": "
                        + cause.getMessage() + "); " + advice,
                cause);
    }

    /**
     * Makes a new pool's directory below the base, which has been prepared, and removes those of dead pools.
     *
     * @param obituary is told the directory of each dead pool before it is removed
     */
    static PoolDirectory create(Path base, Consumer<Path> obituary) throws IOException {
        Path directory = Files.createTempDirectory(
                base.toAbsolutePath(), PREFIX, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        HeldFile lock = HeldFile.make(directory.resolve(LOCK + ".new"), directory.resolve(LOCK), "");
        removeDead(base, obituary);
        return new PoolDirectory(directory, lock);
    }

    Path path() {
        return directory;
    }

    /** Removes the directory with everything in it. */
    @Override
    public void close() {
        deleteTree(directory);
        lock.close();
    }

    private static void removeDead(Path base, Consumer<Path> obituary) throws IOException {
        List<Path> pools;
        try (Stream<Path> entries = Files.list(base.toRealPath())) {
            pools = entries.filter(entry -> entry.getFileName().toString().startsWith(PREFIX))
                    .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path pool : pools) {
            if (isDead(pool)) {
                LOG.info("removing {}, left behind by a pool that is dead", pool);
                obituary.accept(pool);
                deleteTree(pool);
            }
        }
    }

    private static boolean isDead(Path pool) {
        try {
            return HeldFile.isLeft(pool.resolve(LOCK));
        } catch (NoSuchFileException e) {
            return wasGivenUp(pool);
        } catch (IOException e) {
            LOG.debug("cannot tell whether {} is in use: {}", pool, e.toString());
            return false;
        }
    }

    /**
     * Without a lock: one that is being made now, or one whose owner was killed while it made or removed it. The first
     * takes moments.
     */
    private static boolean wasGivenUp(Path pool) {
        try {
            Instant changed = Files.getLastModifiedTime(pool).toInstant();
            return changed.isBefore(Instant.now().minus(UNLOCKED_MAX));
        } catch (IOException e) {
            LOG.debug("cannot tell how old {} is: {}", pool, e.toString());
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
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} could not be removed: {}", root, e.toString());
        }
    }
}
