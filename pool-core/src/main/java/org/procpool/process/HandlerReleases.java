package org.procpool.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies of the handlers' class path, one for each release: who replaces a jar in its place must not break the JVMs
 * that have it open. What is on the class path of this program itself is left where it is, since its replacement would
 * break this program first. Any thread, one at a time; waits for the disk.
 */
public final class HandlerReleases {

    /** Of a digest, as many as people compare by eye. */
    private static final int DIGEST_BYTES_SHOWN = 6;

    private final Path directory;
    private final List<Path> handlers;

    /** @param directory where the copies go; those of each release into one of their own */
    public HandlerReleases(Path directory, List<Path> handlers) {
        this.directory = directory;
        this.handlers = handlers;
    }

    private Path directoryOf(int release) {
        return directory.resolve("release-" + release);
    }

    /**
     * Copies the handlers as they are now.
     *
     * @return the class path of that release
     * @throws IOException with a sentence for people
     */
    public List<Path> copy(int release) throws IOException {
        Set<Path> own = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .collect(Collectors.toSet());
        List<Path> copies = new ArrayList<>();
        for (Path handler : handlers) {
            Path from = handler.toAbsolutePath();
            if (own.contains(from)) {
                copies.add(from);
                continue;
            }
            // Two entries may have the same name, and their order counts.
            Path to = directoryOf(release)
                    .resolve(Integer.toString(copies.size()))
                    .resolve(from.getFileName());
            try {
                copyTree(from, to);
            } catch (IOException e) {
                throw new IOException(
                        "the handlers " + handler + " cannot be copied to " + to + " (" + e.getMessage()
                                + "); see that they are there and that the run directory has room for them",
                        e);
            }
            copies.add(to);
        }
        return copies;
    }

    /**
     * Tells one release's handlers from another's: the beginning of a SHA-256 over the names and contents of all files.
     *
     * @param classPath as {@link #copy} gave it
     */
    public static String digest(List<Path> classPath) throws IOException {
        MessageDigest digest = sha256();
        for (Path entry : classPath) {
            digest.update(entry.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            try (Stream<Path> files = Files.walk(entry)) {
                for (Path file :
                        (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                    digest.update((byte) 0);
                    digest.update(entry.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    digest.update((byte) 0);
                    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                        Files.copy(file, out);
                    }
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES_SHOWN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = to.resolve(from.relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.toAbsolutePath().getParent());
                    Files.copy(entry, target);
                }
            }
        }
    }

    /** Removes a release's copies, of which no process is left. */
    public void remove(int release) throws IOException {
        Path gone = directoryOf(release);
        if (!Files.exists(gone)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(gone)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
