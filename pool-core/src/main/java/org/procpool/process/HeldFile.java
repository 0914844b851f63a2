package org.procpool.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of mode 0600 that tells by a lock on it whether whoever made it lives: the lock dies with its process, however
 * that dies. Safe for use by any thread.
 */
public final class HeldFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeldFile.class);
    private static final int CONTENT_BYTES_MAX = 1024;

    /**
     * Those of this process, guarded by itself. They must not be opened once more: closing a file gives up all locks
     * that the process holds on it.
     */
    private static final Map<Path, HeldFile> OWN = new HashMap<>();

    private final Path file;
    private final FileChannel channel;
    private final String content;
    /** Which file has the name; null if the file system does not tell. */
    private final @Nullable Object identity;

    private HeldFile(Path file, FileChannel channel, String content, @Nullable Object identity) {
        this.file = file;
        this.channel = channel;
        this.content = content;
        this.identity = identity;
    }

    /** Somebody else holds the file. */
    public static final class HeldException extends IOException {

        private static final long serialVersionUID = 1;

        private final String content;

        private HeldException(Path file, String content) {
            super(file + " is held by another");
            this.content = content;
        }

        /** What the holder has written; empty if that is still to come. */
        public String content() {
            return content;
        }
    }

    /**
     * Holds the file, which is made if it is not there.
     *
     * @param content for those who come too late, in ASCII
     * @throws HeldException if another has it, of this process or not
     */
    public static HeldFile take(Path file, String content) throws IOException {
        Path known = real(file);
        synchronized (OWN) {
            HeldFile own = OWN.get(known);
            if (own != null) {
                throw new HeldException(known, own.content);
            }
            FileChannel channel = open(known, StandardOpenOption.CREATE);
            try {
                if (channel.tryLock() == null) {
                    throw new HeldException(known, read(channel));
                }
                channel.truncate(0);
                write(channel, content);
                return register(known, channel, content);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /**
     * Makes a file that is held, and whole, from the moment on that it has its name, and replaces one that had it.
     *
     * @param fresh another name for it in the same directory, which only this process uses
     * @param content in ASCII
     */
    public static HeldFile make(Path fresh, Path file, String content) throws IOException {
        Path known = real(file);
        synchronized (OWN) {
            Files.deleteIfExists(fresh);
            FileChannel channel = open(fresh, StandardOpenOption.CREATE_NEW);
            try {
                if (channel.tryLock() == null) {
                    throw new HeldException(fresh, "");
                }
                write(channel, content);
                Files.move(fresh, known, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return register(known, channel, content);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        }
    }

    /**
     * Whether the file's holder is dead.
     *
     * @throws IOException if that cannot be told, because it is not there for one
     */
    public static boolean isLeft(Path file) throws IOException {
        Path known = real(file);
        synchronized (OWN) {
            if (OWN.containsKey(known)) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(known, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                // Locked by this very process, by a copy of this class.
                return false;
            }
        }
    }

    private static Path real(Path file) throws IOException {
        Path whole = file.toAbsolutePath();
        Path directory = whole.getParent();
        return directory == null ? whole : directory.toRealPath().resolve(whole.getFileName());
    }

    private static FileChannel open(Path file, OpenOption how) throws IOException {
        return FileChannel.open(
                file,
                Set.of(how, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static HeldFile register(Path file, FileChannel channel, String content) throws IOException {
        HeldFile held = new HeldFile(file, channel, content, identity(file));
        OWN.put(file, held);
        return held;
    }

    private static void write(FileChannel channel, String content) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }

    private static @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Gives it up and removes it, unless another has put its own in its place. */
    public void remove() {
        synchronized (OWN) {
            try {
                if (channel.isOpen() && Objects.equals(identity, identity(file))) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                LOG.debug("the file {} could not be removed: {}", file, e.toString());
            }
            close();
        }
    }

    /** Gives it up. An empty file stays: whoever is about to lock it must not get hold of one without a name. */
    @Override
    public void close() {
        synchronized (OWN) {
            if (!channel.isOpen()) {
                return;
            }
            OWN.remove(file, this);
            try (channel) {
                channel.truncate(0);
            } catch (IOException e) {
                LOG.debug("the file {} could not be emptied: {}", file, e.toString());
            }
        }
    }
}
