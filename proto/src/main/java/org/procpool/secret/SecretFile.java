package org.procpool.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file whose content nobody else is to know, and which is not taken if somebody else could. */
public final class SecretFile {

    private static final int BYTES_MAX = 1 << 20;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);
    private static final Set<PosixFilePermission> GROUP = EnumSet.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_EXECUTE);

    private SecretFile() {}

    /**
     * Reads a token: one line and nothing else.
     *
     * @throws IOException with a sentence for people that does not show any of it
     */
    public static String token(Path file) throws IOException {
        String token = text(file, "token file", false).strip();
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IOException(
                    "the token file " + file + " must hold one token and nothing else, without spaces in it");
        }
        return token;
    }

    /**
     * Reads a text.
     *
     * @param what names it in the message
     * @param group whether a group may be able to read it too, as is the custom with keys
     * @throws IOException with a sentence for people that does not show any of it
     */
    public static String text(Path file, String what, boolean group) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            checkPermissions(file, what, group);
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException("the " + what + " " + file + " has more than " + BYTES_MAX + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException("the " + what + " " + file + " is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "the " + what + " " + file + " cannot be read by " + System.getProperty("user.name"), e);
        }
    }

    private static void checkPermissions(Path file, String what, boolean group) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null || isCredential(file, System.getenv("CREDENTIALS_DIRECTORY"))) {
            return;
        }
        Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
        if (!group) {
            open.addAll(GROUP);
        }
        open.retainAll(view.readAttributes().permissions());
        if (!open.isEmpty()) {
            throw new IOException("the " + what + " " + file + " is open to other users; run: chmod "
                    + (group ? "o=" : "600") + " " + file);
        }
    }

    /** systemd keeps others out by the directory, and gives its files what modes it likes. */
    private static boolean isCredential(Path file, @Nullable String directory) {
        return directory != null
                && !directory.isEmpty()
                && file.toAbsolutePath().normalize().startsWith(Path.of(directory));
    }
}
