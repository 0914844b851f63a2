package org.procpool.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;
import org.procpool.task.Sizes;

/** The lines of a stream, bytes as they are, without the line feeds. Not thread-safe. */
final class LineSource implements Iterator<BatchItem>, AutoCloseable {

    private final InputStream in;
    private final long bytesMax;
    private long lines;
    private @Nullable Payload next;

    /**
     * Opens it.
     *
     * @param file null = the stream
     * @throws CliException if the file cannot be opened
     */
    LineSource(@Nullable Path file, InputStream stream, PayloadReader reader) {
        this.bytesMax = reader.bytesMax();
        try {
            this.in = new BufferedInputStream(file == null ? stream : Files.newInputStream(file), 64 * 1024);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "there is no file '" + file + "'", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot read '" + file + "': " + FileErrors.why(e), e);
        }
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = read();
        }
        return next != null;
    }

    @Override
    public BatchItem next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more lines");
        }
        Payload line = next;
        next = null;
        lines++;
        return new BatchItem("line " + lines, () -> line);
    }

    private @Nullable Payload read() {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        try {
            int value = in.read();
            if (value < 0) {
                return null;
            }
            while (value >= 0 && value != '\n') {
                line.write(value);
                if (line.size() > bytesMax) {
                    throw new CliException(
                            ExitCode.REFUSED,
                            "line " + (lines + 1) + " has more than " + Sizes.format(bytesMax)
                                    + ", which is all that the server takes (its max-payload)");
                }
                value = in.read();
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot read line " + (lines + 1) + ": " + FileErrors.why(e), e);
        }
        return Payload.of(line.toByteArray());
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot close the input: " + FileErrors.why(e), e);
        }
    }
}
