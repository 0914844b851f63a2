package org.procpool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.procpool.proto.Payload;
import org.procpool.task.Sizes;

/**
 * Reads what is to be sent, and never more than the service takes.
 *
 * @param bytesMax the service's limit
 */
record PayloadReader(long bytesMax) {

    /**
     * Reads a file.
     *
     * @throws CliException naming the file and what is wrong with it
     */
    Payload file(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new CliException(ExitCode.USAGE, "'" + file + "' is a directory, not a file");
            }
            // Devices and pipes say 0; they are read up to the limit.
            if (Files.size(file) > bytesMax) {
                throw tooLarge("'" + file + "' has " + Sizes.format(Files.size(file)));
            }
            try (InputStream in = Files.newInputStream(file)) {
                return stream("'" + file + "'", in);
            }
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "there is no file '" + file + "'", e);
        } catch (IOException e) {
            throw unreadable("'" + file + "'", e);
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @throws CliException naming the stream and what is wrong with it
     */
    Payload stream(String name, InputStream in) {
        try {
            int limit = (int) Math.min(bytesMax, Integer.MAX_VALUE - 16);
            byte[] bytes = in.readNBytes(limit);
            if (bytes.length == limit && in.read() >= 0) {
                throw tooLarge(name + " has more than " + Sizes.format(limit));
            }
            return Payload.of(bytes);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * Checks and takes a text.
     *
     * @throws CliException if it is over the limit
     */
    Payload text(String text) {
        byte[] bytes = Console.utf8(text);
        if (bytes.length > bytesMax) {
            throw tooLarge("the text has " + Sizes.format(bytes.length));
        }
        return Payload.of(bytes);
    }

    private CliException tooLarge(String what) {
        return new CliException(
                ExitCode.REFUSED,
                what + ", the server takes at most " + Sizes.format(bytesMax)
                        + " (its max-payload); send less, or let the task read the file itself");
    }

    private static CliException unreadable(String name, IOException e) {
        return new CliException(ExitCode.FAILED, "cannot read " + name + ": " + FileErrors.why(e), e);
    }
}
