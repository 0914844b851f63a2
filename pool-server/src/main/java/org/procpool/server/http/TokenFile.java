package org.procpool.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the tools of this user find the admin token: a file that nobody else can read, at no moment. Its service holds
 * a lock on it, which dies with the process, so what a service left that was killed is known for what it is. Safe for
 * use by any thread.
 */
final class TokenFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    /** One without its final name is being made, or was when its service was killed. The first takes moments. */
    private static final Duration UNNAMED_MAX = Duration.ofMinutes(1);

    /**
     * Those of this process, guarded by itself. Their locks must not be tried: closing a file gives up all locks that
     * the process holds on it.
     */
    private static final Map<Path, TokenFile> OWN = new HashMap<>();

    private final AdminToken token;
    private final Path file;
    private final FileChannel locked;

    private TokenFile(AdminToken token, Path file, FileChannel locked) {
        this.token = token;
        this.file = file;
        this.locked = locked;
    }

    /**
     * Writes the file. Those that dead services left in the directory are removed, one for the same port is replaced.
     *
     * @throws IOException with a sentence for people
     */
    static TokenFile write(AdminToken token, Path directory, int port) throws IOException {
        Path base = directory.toRealPath();
        Path file = base.resolve("admin-" + port + ".token");
        Path fresh =
                base.resolve(".admin-" + port + "-" + ProcessHandle.current().pid());
        synchronized (OWN) {
            removeDead(base);
            try {
                Files.deleteIfExists(fresh);
                FileChannel locked = writeNew(fresh, token.bytes());
                // Whoever reads sees the old token or the new one, never half of one.
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                TokenFile written = new TokenFile(token, file, locked);
                OWN.put(file, written);
                return written;
            } catch (IOException e) {
                throw new IOException(
                        "cannot write the admin token " + file + " ("
                                + e.getClass().getSimpleName() + "); choose another directory with --run-dir",
                        e);
            }
        }
    }

    private static FileChannel writeNew(Path file, byte[] content) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (channel.tryLock() == null) {
                throw new IOException("it is locked by another process");
            }
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void removeDead(Path directory) throws IOException {
        try (DirectoryStream<Path> tokens = Files.newDirectoryStream(directory, "admin-*.token")) {
            for (Path token : tokens) {
                if (!OWN.containsKey(token)) {
                    removeIfDead(token);
                }
            }
        }
        try (DirectoryStream<Path> unnamed = Files.newDirectoryStream(directory, ".admin-*")) {
            for (Path token : unnamed) {
                if (Files.getLastModifiedTime(token, LinkOption.NOFOLLOW_LINKS)
                        .toInstant()
                        .isBefore(Instant.now().minus(UNNAMED_MAX))) {
                    removeIfDead(token);
                }
            }
        }
    }

    private static void removeIfDead(Path token) {
        try (FileChannel file = FileChannel.open(token, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = file.tryLock()) {
            if (lock != null) {
                LOG.info("removing {}, left behind by a service that is dead", token);
                Files.delete(token);
            }
        } catch (OverlappingFileLockException | IOException e) {
            LOG.debug("cannot tell whether {} is in use: {}", token, e.toString());
        }
    }

    /** Removes the file, unless another service has put its own there. */
    @Override
    public void close() {
        synchronized (OWN) {
            OWN.remove(file, this);
            try (locked) {
                if (token.equalsSecret(Files.readAllBytes(file))) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                LOG.debug("the admin token {} could not be removed: {}", file, e.toString());
            }
        }
    }
}
