package org.procpool.samples;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process's own record of the tasks it ran: a file that is only appended to, {@code runs-PID.log}. Each record is
 * {@value #RECORD_BYTES} bytes, a line of text filled up with blanks, and one write: so none lies across two pages of
 * the file, and a process that is killed leaves a record whole or not at all. What the file has stays when the process
 * is killed.
 *
 * <pre>
 * S NUMBER ATTEMPT PID RUN                 before anything of the task is done
 * E NUMBER ATTEMPT PID RUN CRC32 BYTES     when all is done, but for giving the answer back
 * </pre>
 *
 * <p>RUN counts the runs of this process, from 1. Owned by the task thread.
 */
final class RunRecords {

    private static final int RECORD_BYTES = 64;

    private final FileOutputStream file;
    private final long pid;
    private long lastRun;

    private RunRecords(FileOutputStream file, long pid) {
        this.file = file;
        this.pid = pid;
    }

    /** A new file; a pid that comes a second time is an error, since nobody could tell the two processes apart. */
    static RunRecords create(Path directory) throws IOException {
        long pid = ProcessHandle.current().pid();
        Path path = Files.createFile(directory.resolve("runs-" + pid + ".log"));
        // Not a channel: an interrupt would close it.
        return new RunRecords(new FileOutputStream(path.toFile(), true), pid);
    }

    /** Returns the number of the run when the record is on file. */
    long begin(long number, int attempt) throws IOException {
        lastRun++;
        append("S " + number + ' ' + attempt + ' ' + pid + ' ' + lastRun);
        return lastRun;
    }

    void end(long number, int attempt, long run, long sum, int bytes) throws IOException {
        append("E " + number + ' ' + attempt + ' ' + pid + ' ' + run + ' ' + Long.toHexString(sum) + ' ' + bytes);
    }

    private void append(String line) throws IOException {
        byte[] record = new byte[RECORD_BYTES];
        byte[] text = line.getBytes(StandardCharsets.US_ASCII);
        if (text.length >= RECORD_BYTES) {
            throw new IOException("the record '" + line + "' is too long");
        }
        System.arraycopy(text, 0, record, 0, text.length);
        for (int i = text.length; i < RECORD_BYTES - 1; i++) {
            record[i] = ' ';
        }
        record[RECORD_BYTES - 1] = '\n';
        file.write(record);
    }
}
