package org.procpool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.StringTokenizer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.client.TaskRequest;
import org.procpool.proto.Payload;

/**
 * One task of the demo's batch.
 *
 * @param label the file's name
 * @param bytes of the file
 * @param expected the right answer, worked out here without a worker; null where only its form is checked
 */
record DemoInput(
        String label,
        TaskRequest request,
        long bytes,
        @Nullable String expected) {

    static final String WORDCOUNT = "wordcount";
    static final String SHA256 = "sha256";
    static final String SHA256_FILE = "sha256-file";
    static final String THUMBNAIL = "thumbnail";

    /** A crash may cost one of them; all of them may run again. */
    private static final int ATTEMPTS = 3;

    private static final int TEXTS_MAX = 200;
    private static final int TEXT_BYTES_MAX = 1 << 20;
    private static final int MODULES_MAX = 100;
    /** Larger files stay where they are, and the worker is told their path. */
    private static final int SENT_BYTES_MAX = 4 << 20;

    /**
     * Word counts of the texts that come with this Java: its licences, or where a distributor left those out its
     * configuration.
     */
    static List<DemoInput> texts() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        for (String directory : List.of("legal", "conf", "lib")) {
            List<Path> files = files(home.resolve(directory), DemoInput::isText, TEXTS_MAX);
            if (!files.isEmpty()) {
                List<DemoInput> inputs = new ArrayList<>();
                for (Path file : files) {
                    byte[] bytes = Files.readAllBytes(file);
                    inputs.add(input(WORDCOUNT, label(home, file), Payload.of(bytes), bytes.length, counts(bytes)));
                }
                return inputs;
            }
        }
        throw new IOException("there are no texts in " + home);
    }

    /** Digests of this Java's modules, or where a distributor left those out its libraries. */
    static List<DemoInput> modules() throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        List<Path> files = files(home.resolve("jmods"), file -> true, MODULES_MAX);
        if (files.isEmpty()) {
            files = files(home.resolve("lib"), DemoInput::isBinary, MODULES_MAX);
        }
        if (files.isEmpty()) {
            throw new IOException("there are no modules in " + home);
        }
        List<DemoInput> inputs = new ArrayList<>();
        for (Path file : files) {
            long size = Files.size(file);
            inputs.add(
                    size > SENT_BYTES_MAX
                            ? input(SHA256_FILE, label(home, file), Payload.of(file.toString()), size, digest(file))
                            : input(
                                    SHA256,
                                    label(home, file),
                                    Payload.of(Files.readAllBytes(file)),
                                    size,
                                    digest(file)));
        }
        return inputs;
    }

    static List<DemoInput> photos(List<Payload> photos) {
        List<DemoInput> inputs = new ArrayList<>();
        for (Payload photo : photos) {
            String label = "photo-" + (inputs.size() + 1) + ".jpg";
            inputs.add(input(THUMBNAIL, label, photo, photo.size(), null));
        }
        return inputs;
    }

    private static DemoInput input(String task, String label, Payload payload, long bytes, @Nullable String expected) {
        return new DemoInput(label, TaskRequest.of(task, payload).withMaxAttempts(ATTEMPTS), bytes, expected);
    }

    private static String label(Path home, Path file) {
        return home.relativize(file).toString();
    }

    private static List<Path> files(Path directory, Predicate<Path> wanted, int max) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        // Distributors link texts that are the same: what a link points to is what is read.
        try (Stream<Path> found = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return found.filter(Files::isRegularFile)
                    .filter(Files::isReadable)
                    .filter(wanted)
                    .sorted(Comparator.naturalOrder())
                    .limit(max)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isText(Path file) {
        try {
            String name = file.getFileName().toString();
            boolean text = name.indexOf('.') < 0 || name.matches(".*\\.(md|txt|properties|security|policy|cfg)");
            return text && Files.size(file) > 0 && Files.size(file) <= TEXT_BYTES_MAX;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isBinary(Path file) {
        String name = file.getFileName().toString();
        return name.equals("modules") || name.endsWith(".so") || name.endsWith(".dylib") || name.endsWith(".jar");
    }

    /** As the task wordcount answers. */
    private static String counts(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        long lines = text.chars().filter(c -> c == '\n').count();
        long words = new StringTokenizer(text).countTokens();
        return "{\"lines\":" + lines + ",\"words\":" + words + ",\"bytes\":" + bytes.length + "}";
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
