package org.procpool.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of archives that all pools of a user share. A name is {@code place-state-checksum}: the place says for
 * whom the archive is (Java, jars, flags), the state what they were like, so other states of the same place are stale.
 * The checksum matters: a JVM that maps a truncated archive dies of it. The time of last change says when an archive
 * was last used. Stateless, so any thread and any process may use it at once.
 */
final class ArchiveStore {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveStore.class);

    static final Duration UNUSED_MAX = Duration.ofDays(30);
    /** Making an archive takes seconds; what is older was left by somebody who died of it. */
    static final Duration UNFINISHED_MAX = Duration.ofHours(1);

    private static final Pattern ARCHIVE = Pattern.compile("[0-9a-f]{16}-[0-9a-f]{16}-[0-9a-f]{8}\\.(jsa|aot)");
    private static final String UNFINISHED = "unfinished-";
    private static final int CHUNK_BYTES = 256 * 1024;

    private final Path directory;

    private ArchiveStore(Path directory) {
        this.directory = directory;
    }

    /** Below the cache directory that systemd, the desktop session or else the home directory gives this user. */
    static Path defaultDirectory() {
        for (String variable : List.of("CACHE_DIRECTORY", "XDG_CACHE_HOME")) {
            String value = System.getenv(variable);
            if (value != null && value.startsWith("/")) {
                return Path.of(value.split(":", 2)[0], "procpool", "worker");
            }
        }
        Path home = Path.of(System.getProperty("user.home"));
        Path cache = home.isAbsolute()
                ? home.resolve(".cache")
                : Path.of(System.getProperty("java.io.tmpdir"), "procpool-" + System.getProperty("user.name"));
        return cache.resolve(Path.of("procpool", "worker"));
    }

    /**
     * Opens the directory, making it if need be.
     *
     * @throws IOException with the reason if it cannot be written, or if others could have put something there: classes
     *     of an archive run without further checks
     */
    static ArchiveStore open(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
        } catch (FileAlreadyExistsException e) {
            LOG.trace("the cache directory {} is there already", directory);
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw new IOException(directory + " is no directory that can be written");
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        boolean shared = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (shared || !Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
            throw new IOException("others than " + System.getProperty("user.name") + " can write in " + directory);
        }
        return new ArchiveStore(directory.toAbsolutePath());
    }

    /** A new name to write an archive to before {@link #publish}. */
    Path unfinished() throws IOException {
        // Without the file itself: a JVM does not write over one.
        Path unique = Files.createTempFile(directory, UNFINISHED, "");
        Files.delete(unique);
        return unique;
    }

    /** Gives a finished archive its name, at once for all who look for it. */
    Path publish(Path unfinished, ArchiveKey key) throws IOException {
        Path target = directory.resolve(key.prefix() + checksum(unfinished) + ArchiveFormat.SUFFIX);
        return Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Finds a sound archive for the key and marks it as used; a damaged one is removed on the way. */
    @Nullable
    Path find(ArchiveKey key) {
        for (Path file : list()) {
            if (!file.getFileName().toString().startsWith(key.prefix())) {
                continue;
            }
            try {
                if (file.getFileName().toString().equals(key.prefix() + checksum(file) + ArchiveFormat.SUFFIX)) {
                    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
                    return file;
                }
                LOG.warn("the class archive {} is damaged: removed, workers boot without until it is made again", file);
                Files.deleteIfExists(file);
            } catch (NoSuchFileException e) {
                LOG.debug("the class archive {} was removed by another process", file);
            } catch (IOException e) {
                LOG.warn("the class archive {} cannot be read, workers boot without: {}", file, e.toString());
            }
        }
        return null;
    }

    /** Whether somebody has made an archive for the key; it may still turn out to be damaged. */
    boolean has(ArchiveKey key) {
        return list().stream().anyMatch(file -> file.getFileName().toString().startsWith(key.prefix()));
    }

    /** Removes what nobody will use again: older states of the key's place, the long unused, the unfinished. */
    void clean(ArchiveKey key) {
        for (Path file : list()) {
            try {
                if (isStale(file, key)) {
                    Files.deleteIfExists(file);
                    LOG.debug("removed the stale class archive {}", file);
                }
            } catch (IOException e) {
                LOG.debug("the stale class archive {} could not be removed: {}", file, e.toString());
            }
        }
    }

    private static boolean isStale(Path file, ArchiveKey key) throws IOException {
        String name = file.getFileName().toString();
        Instant now = Instant.now();
        if (name.startsWith(UNFINISHED)) {
            return isOlder(file, now.minus(UNFINISHED_MAX));
        }
        if (!ARCHIVE.matcher(name).matches()) {
            return false;
        }
        boolean otherState = name.startsWith(key.place()) && !name.startsWith(key.prefix());
        return otherState || isOlder(file, now.minus(UNUSED_MAX));
    }

    private static boolean isOlder(Path file, Instant limit) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(limit);
    }

    private List<Path> list() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (IOException e) {
            LOG.debug("the cache directory {} cannot be listed: {}", directory, e.toString());
            return List.of();
        }
    }

    private static String checksum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Channels.newInputStream(FileChannel.open(file, StandardOpenOption.READ))) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                sum.update(chunk, 0, read);
            }
        }
        return String.format("%08x", sum.getValue());
    }
}
