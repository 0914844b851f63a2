package org.procpool.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.procpool.process.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one service the only one on its run directory: a locked file in it, which holds the service's pid. The lock
 * dies with its process, so one that was killed does not keep the next from starting. Safe for use by any thread.
 */
final class ServerLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerLock.class);
    private static final String NAME = "server.lock";
    private static final int PID_BYTES_MAX = 32;

    /**
     * Files that services of this process have locked, guarded by itself. They must not be tried: closing a file gives
     * up all locks that the process holds on it.
     */
    private static final Set<Path> OWN = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private ServerLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @param runDirectory made if it is not there
     * @throws IOException with a sentence for people, which names who has it
     */
    static ServerLock take(Path runDirectory) throws IOException {
        RunDirectory.prepareBase(runDirectory);
        Path file = runDirectory.toRealPath().resolve(NAME);
        synchronized (OWN) {
            if (OWN.contains(file)) {
                throw taken(runDirectory, Long.toString(ProcessHandle.current().pid()));
            }
            FileChannel channel = lock(file, runDirectory);
            OWN.add(file);
            return new ServerLock(file, channel);
        }
    }

    private static FileChannel lock(Path file, Path runDirectory) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            if (channel.tryLock() == null) {
                throw taken(runDirectory, pid(channel));
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String pid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        return text.isEmpty() ? "still starting" : text;
    }

    private static IOException taken(Path runDirectory, String pid) {
        return new IOException("another procpool service (pid " + pid + ") is using the run directory " + runDirectory
                + "; stop it, or choose another directory with --run-dir");
    }

    /** Gives the lock up. The file stays: whoever is about to lock it must not get hold of one without a name. */
    @Override
    public void close() {
        synchronized (OWN) {
            if (!channel.isOpen()) {
                return;
            }
            try (channel) {
                channel.truncate(0);
            } catch (IOException e) {
                LOG.debug("the lock {} could not be emptied: {}", file, e.toString());
            }
            OWN.remove(file);
        }
    }
}
