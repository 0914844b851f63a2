package org.procpool.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an archive depends on: a JVM ignores one that was made with other jars, another Java or some other flags.
 *
 * @param place digest of where Java and the jars are and of the flags
 * @param state digest of what Java and the jars are like
 */
record ArchiveKey(String place, String state) {

    private static final int DIGEST_BYTES = 8;
    /** They change every JVM that this process starts, and so what fits into its archive. */
    private static final List<String> VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /**
     * Computes the key of a worker.
     *
     * @return null if the class path has anything but jars, which no archive can hold
     */
    static @Nullable ArchiveKey of(WorkerCommand command, JavaInstallation installation) throws IOException {
        StringBuilder place = new StringBuilder(command.java().toString());
        StringBuilder state = new StringBuilder(installation.identity());
        for (Path entry : command.classPath()) {
            if (!Files.isRegularFile(entry)) {
                return null;
            }
            place.append('\n').append(entry.toAbsolutePath());
            state.append('\n').append(JavaInstallation.state(entry));
        }
        command.rehearsedJvmArgs().forEach(argument -> place.append('\n').append(argument));
        for (String variable : VARIABLES) {
            place.append('\n').append(Objects.requireNonNullElse(System.getenv(variable), ""));
        }
        return new ArchiveKey(digest(place), digest(state));
    }

    /** How the names of its archives begin. */
    String prefix() {
        return place + "-" + state + "-";
    }

    private static String digest(CharSequence text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
