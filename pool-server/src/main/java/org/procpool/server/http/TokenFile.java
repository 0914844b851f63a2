package org.procpool.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the tools of this user find the admin token: a file that nobody else can read, at no moment. */
final class TokenFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private final AdminToken token;
    private final Path file;

    private TokenFile(AdminToken token, Path file) {
        this.token = token;
        this.file = file;
    }

    /**
     * Writes the file. One that a dead service left for the same port is replaced.
     *
     * @throws IOException with a sentence for people
     */
    static TokenFile write(AdminToken token, Path directory, int port) throws IOException {
        Path file = directory.resolve("admin-" + port + ".token");
        Path fresh = directory.resolve(
                ".admin-" + port + "-" + ProcessHandle.current().pid());
        try {
            Files.deleteIfExists(fresh);
            writeNew(fresh, token.bytes());
            // Whoever reads sees the old token or the new one, never half of one.
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IOException(
                    "cannot write the admin token " + file + " (" + e.getClass().getSimpleName()
                            + "); choose another directory with --run-dir",
                    e);
        }
        return new TokenFile(token, file);
    }

    private static void writeNew(Path file, byte[] content) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }

    /** Removes the file, unless another service has put its own there. */
    @Override
    public void close() {
        try {
            if (token.equalsSecret(Files.readAllBytes(file))) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.debug("the admin token {} could not be removed: {}", file, e.toString());
        }
    }
}
