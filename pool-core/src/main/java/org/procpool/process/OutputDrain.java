package org.procpool.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutputMark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Reads what a worker prints from the first byte to the last, so that a full pipe never stops it, and keeps the tail.
 * Lines go to the log with the worker and the task that it runs, so many a second; the rest is counted. A thread dump
 * that was asked for is kept apart. Runs on a thread of its own.
 *
 * <p>A flood costs the worker that it comes from and nobody else: of lines that nobody will see no more is made than a
 * copy, and what comes faster than 80 MiB a second waits in the pipe, and so in the worker.
 */
final class OutputDrain implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger("org.procpool.worker.output");
    private static final int LINE_BYTES_MAX = 1024;
    private static final int READ_BYTES = 64 * 1024;
    private static final int LOGGED_LINES_PER_SECOND = 20;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BYTES_PER_PACE_MAX = 8 << 20;
    private static final byte[] CUT = " …".getBytes(StandardCharsets.UTF_8);

    /** What the JVM says when it obeys {@code -XX:+ExitOnOutOfMemoryError}, and what our own main class says. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("Terminating due to java.lang.OutOfMemoryError", "procpool worker: out of memory: ");

    private final String worker;
    private final InputStream output;
    private final DumpLines dump = new DumpLines();
    private final OutputTail tail = new OutputTail();
    private final byte[] line = new byte[LINE_BYTES_MAX + CUT.length];
    private int lineLength;
    private boolean lineCut;
    /** Whose output this is, as its worker says; null if it is no task's. */
    private @Nullable String task;

    private long secondStart = System.nanoTime();
    private int loggedThisSecond;
    private long dropped;
    private long paceStart = System.nanoTime();
    private int bytesThisPace;

    OutputDrain(String worker, InputStream output) {
        this.worker = worker;
        this.output = output;
    }

    /** The last lines so far, at most 100 and 16 KiB. Any thread. */
    String tail() {
        return tail.text();
    }

    /** Those of them that no earlier task has printed. Any thread. */
    String taskTail() {
        return tail.taskText();
    }

    /** The thread dump among the output. */
    DumpLines dump() {
        return dump;
    }

    /** Whether the last that the worker has said is that it ran out of memory. */
    boolean saidOutOfMemory() {
        String last = tail();
        return OUT_OF_MEMORY.stream().anyMatch(last::contains);
    }

    @Override
    public void run() {
        byte[] buffer = new byte[READ_BYTES];
        // For all that this thread ever says.
        MDC.put("worker", worker);
        try {
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
                take(buffer, read);
                pace(read);
            }
        } catch (IOException e) {
            LOG.debug("worker={} output ended: {}", worker, e.toString());
        }
        endLine();
        reportDropped();
    }

    private void take(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                add(bytes, start, i - start);
                endLine();
                start = i + 1;
            }
        }
        add(bytes, start, length - start);
    }

    private void add(byte[] bytes, int offset, int length) {
        int kept = Math.min(length, LINE_BYTES_MAX - lineLength);
        System.arraycopy(bytes, offset, line, lineLength, kept);
        lineLength += kept;
        lineCut |= kept < length;
    }

    private void endLine() {
        boolean empty = lineLength == 0;
        int length = stripped();
        boolean isMark = !empty && line[0] == OutputMark.FIRST;
        lineLength = 0;
        lineCut = false;
        if (isMark || dump.mayTake() || mayLog()) {
            String text = new String(line, 0, length, StandardCharsets.UTF_8);
            if (isMark && OutputMark.isMark(text)) {
                tell(text);
            } else if (!dump.take(text) && !empty) {
                tail.add(line, length);
                log(text);
            }
        } else if (!empty) {
            tail.add(line, length);
            dropped++;
        }
    }

    /** The length of the line without what nobody sees at its end, and with what tells that it was cut. */
    private int stripped() {
        int length = lineLength;
        while (length > 0 && line[length - 1] >= 0 && line[length - 1] <= ' ') {
            length--;
        }
        if (lineCut) {
            System.arraycopy(CUT, 0, line, length, CUT.length);
            length += CUT.length;
        }
        return length;
    }

    private void tell(String mark) {
        String before = task;
        task = OutputMark.task(mark);
        if (before != null || task == null) {
            tail.taskEnds();
        }
    }

    private boolean mayLog() {
        long now = System.nanoTime();
        if (now - secondStart >= SECOND_NANOS) {
            reportDropped();
            secondStart = now;
            loggedThisSecond = 0;
        }
        return loggedThisSecond < LOGGED_LINES_PER_SECOND;
    }

    private void log(String text) {
        if (!mayLog()) {
            dropped++;
            return;
        }
        loggedThisSecond++;
        if (task == null) {
            LOG.info("worker={} | {}", worker, text);
        } else {
            LOG.info("worker={} task={} | {}", worker, task, text);
        }
    }

    private void reportDropped() {
        if (dropped > 0) {
            LOG.info("worker={} | ({} more lines in that second)", worker, dropped);
            dropped = 0;
        }
    }

    private void pace(int bytes) {
        bytesThisPace += bytes;
        long left = paceStart + PACE_NANOS - System.nanoTime();
        if (left > 0 && bytesThisPace < BYTES_PER_PACE_MAX) {
            return;
        }
        while (left > 0) {
            LockSupport.parkNanos(this, left);
            left = paceStart + PACE_NANOS - System.nanoTime();
        }
        paceStart = System.nanoTime();
        bytesThisPace = 0;
    }
}
