package org.procpool.recorder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor by which this process holds a file open, as a path that other processes of the same user can
 * open: {@code /proc/PID/fd/NUMBER}. Java knows the number and does not tell it.
 */
final class OwnDescriptor {

    private OwnDescriptor() {}

    /**
     * Looks through all descriptors of this process, some microseconds each.
     *
     * @param file has a name still, and is open in this process once
     * @param proc usually {@code /proc}
     * @return null where there is no such path, or where others could not open it
     */
    static @Nullable Path find(Path file, Path proc) {
        try {
            Path realFile = file.toRealPath();
            // Under its pid as the file system has it, which in a container need not be the one that Java knows.
            Path descriptors =
                    proc.resolve(Files.readSymbolicLink(proc.resolve("self"))).resolve("fd");
            if (!Files.getOwner(descriptors).equals(Files.getOwner(realFile))) {
                // The kernel shows the descriptors of a program with privileges of its own to nobody else.
                return null;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
                for (Path entry : entries) {
                    if (target(entry).equals(realFile) && isSame(entry, realFile)) {
                        return entry;
                    }
                }
            }
            return null;
        } catch (IOException | RuntimeException e) {
            // There is no /proc here, or not one that looks like that of Linux: so the name has to do.
            return null;
        }
    }

    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException e) {
            // Closed by another thread while it was looked at.
            return descriptor;
        }
    }

    private static boolean isSame(Path descriptor, Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key != null
                && key.equals(Files.readAttributes(descriptor, BasicFileAttributes.class)
                        .fileKey());
    }
}
