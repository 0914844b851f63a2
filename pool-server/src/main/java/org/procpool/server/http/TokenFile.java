package org.procpool.server.http;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.procpool.process.HeldFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the tools of this user find the admin token: a file that nobody else can read, at no moment, and that its
 * service holds, so that what a service left that was killed is known for what it is. Safe for use by any thread.
 */
final class TokenFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);
    /** One without its final name is being made, or was when its service was killed. The first takes moments. */
    private static final Duration UNNAMED_MAX = Duration.ofMinutes(1);

    private final HeldFile held;

    private TokenFile(HeldFile held) {
        this.held = held;
    }

    /**
     * Writes the file. Those that dead services left in the directory are removed, one for the same port is replaced.
     *
     * @throws IOException with a sentence for people
     */
    static TokenFile write(AdminToken token, Path directory, int port) throws IOException {
        Path file = directory.resolve("admin-" + port + ".token");
        Path fresh = directory.resolve(
                ".admin-" + port + "-" + ProcessHandle.current().pid());
        removeDead(directory);
        try {
            // Whoever reads sees the old token or the new one, never half of one.
            return new TokenFile(HeldFile.make(fresh, file, token.text()));
        } catch (IOException e) {
            throw new IOException(
                    "cannot write the admin token " + file + " (" + e.getClass().getSimpleName()
                            + "); choose another directory with --run-dir",
                    e);
        }
    }

    private static void removeDead(Path directory) throws IOException {
        try (DirectoryStream<Path> tokens = Files.newDirectoryStream(directory, "admin-*.token")) {
            for (Path token : tokens) {
                removeIfDead(token);
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
        try {
            if (HeldFile.isLeft(token)) {
                LOG.info("removing {}, left behind by a service that is dead", token);
                Files.delete(token);
            }
        } catch (IOException e) {
            LOG.debug("cannot tell whether {} is in use: {}", token, e.toString());
        }
    }

    /** Removes the file, unless another service has put its own there. */
    @Override
    public void close() {
        held.remove();
    }
}
