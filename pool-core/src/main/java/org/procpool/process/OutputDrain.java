package org.procpool.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Reads what a worker prints from the first byte to the last, so that a full pipe never stops it, and keeps the tail.
 * Lines go to the log with the worker's id, so many a second; the rest is counted. A thread dump that was asked for is
 * kept apart. Runs on a thread of its own.
 */
final class OutputDrain implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger("org.procpool.worker.output");
    private static final int LINE_BYTES_MAX = 1024;
    private static final int TAIL_LINES_MAX = 100;
    private static final int TAIL_CHARS_MAX = 16 * 1024;
    private static final int LOGGED_LINES_PER_SECOND = 20;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What the JVM says when it obeys {@code -XX:+ExitOnOutOfMemoryError}, and what our own main class says. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("Terminating due to java.lang.OutOfMemoryError", "procpool worker: out of memory: ");

    private final String worker;
    private final InputStream output;
    private final DumpLines dump = new DumpLines();
    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int lineLength;
    private boolean lineCut;
    private long secondStart = System.nanoTime();
    private int loggedThisSecond;
    private long dropped;

    /** Written by the drain thread, read by others; guarded by itself. */
    private final ArrayDeque<String> tail = new ArrayDeque<>();

    private int tailChars;

    /** Written by the drain thread, read by others. */
    private volatile boolean outOfMemory;

    OutputDrain(String worker, InputStream output) {
        this.worker = worker;
        this.output = output;
    }

    /** The last lines so far, at most 100 and 16 Ki characters. Any thread. */
    String tail() {
        synchronized (tail) {
            return String.join("\n", tail);
        }
    }

    /** The thread dump among the output. */
    DumpLines dump() {
        return dump;
    }

    /** Whether the worker has said that it ran out of memory. */
    boolean saidOutOfMemory() {
        return outOfMemory;
    }

    @Override
    public void run() {
        byte[] buffer = new byte[8192];
        // For all that this thread ever says.
        MDC.put("worker", worker);
        try {
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    add(buffer[i]);
                }
            }
        } catch (IOException e) {
            LOG.debug("worker={} output ended: {}", worker, e.toString());
        }
        endLine();
        reportDropped();
    }

    private void add(byte b) {
        if (b == '\n') {
            endLine();
        } else if (lineLength < LINE_BYTES_MAX) {
            line[lineLength++] = b;
        } else {
            lineCut = true;
        }
    }

    private void endLine() {
        String text = new String(line, 0, lineLength, StandardCharsets.UTF_8).stripTrailing() + (lineCut ? " …" : "");
        boolean empty = lineLength == 0;
        lineLength = 0;
        lineCut = false;
        if (dump.take(text) || empty) {
            return;
        }
        outOfMemory |= OUT_OF_MEMORY.stream().anyMatch(text::contains);
        synchronized (tail) {
            tail.add(text);
            tailChars += text.length();
            while (tail.size() > TAIL_LINES_MAX || tailChars > TAIL_CHARS_MAX) {
                tailChars -= tail.remove().length();
            }
        }
        log(text);
    }

    private void log(String text) {
        long now = System.nanoTime();
        if (now - secondStart >= SECOND_NANOS) {
            reportDropped();
            secondStart = now;
            loggedThisSecond = 0;
        }
        if (loggedThisSecond < LOGGED_LINES_PER_SECOND) {
            loggedThisSecond++;
            LOG.info("worker={} | {}", worker, text);
        } else {
            dropped++;
        }
    }

    private void reportDropped() {
        if (dropped > 0) {
            LOG.info("worker={} | ({} more lines in that second)", worker, dropped);
            dropped = 0;
        }
    }
}
