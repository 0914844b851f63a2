package org.procpool.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.procpool.cli.text.OneLine;
import org.procpool.proto.Payload;

/**
 * Where a command reads and writes. Results go to standard output, everything for the eye to standard error.
 *
 * @param terminal whether standard error is one, so that a line may be written over
 * @param screen whether standard input and output are one that can do more than write lines
 */
record Console(InputStream in, OutputStream out, PrintStream err, boolean terminal, boolean screen) {

    private static final Payload LINE_FEED = Payload.of("\n");

    static Console system() {
        return new Console(
                System.in,
                new BufferedOutputStream(new PipeOutput(new FileOutputStream(FileDescriptor.out)), 64 * 1024),
                System.err,
                Boolean.getBoolean("procpool.terminal"),
                Boolean.getBoolean("procpool.screen")
                        && !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb")));
    }

    /** Writes a line to standard output. */
    void print(String line) {
        write(Payload.of(line + "\n"));
    }

    /** Writes the bytes and a line feed to standard output. */
    void line(Payload payload) {
        write(payload);
        write(LINE_FEED);
    }

    /** Writes the bytes as they are to standard output. */
    void write(Payload payload) {
        try {
            copy(payload, out);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write to standard output: " + e.getMessage(), e);
        }
    }

    /** Writes one line to standard error, whatever the text holds. */
    void error(String text) {
        err.println("procpool: " + OneLine.of(text));
    }

    /** Writes a text of several lines to standard error. */
    void errorLines(String text) {
        List<String> lines = text.lines().toList();
        error(lines.isEmpty() ? "" : lines.get(0));
        lines.stream().skip(1).forEach(line -> err.println("  " + OneLine.of(line)));
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "cannot write to standard output: " + e.getMessage(), e);
        }
    }

    static void copy(Payload payload, OutputStream out) throws IOException {
        ByteBuffer bytes = payload.buffer();
        Channels.newChannel(out).write(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
