package org.procpool.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * The last lines of an output, kept as bytes, since most of them are never read by anybody. Safe for use by any thread.
 */
final class OutputTail {

    private static final int LINES_MAX = 100;
    private static final int BYTES_MAX = 16 * 1024;

    // All guarded by this.
    private final byte[] ring = new byte[BYTES_MAX];
    /** Bytes so far; the last of them are in the ring, each at its position mod its size. */
    private long end;
    /** Where the output of the task before ended. */
    private long taskStart;

    /** Appends one line, which has no end of its own and is shorter than the whole. */
    synchronized void add(byte[] line, int length) {
        int place = (int) (end % BYTES_MAX);
        int first = Math.min(length, BYTES_MAX - place);
        System.arraycopy(line, 0, ring, place, first);
        System.arraycopy(line, first, ring, 0, length - first);
        end += length;
        ring[(int) (end % BYTES_MAX)] = '\n';
        end++;
    }

    /** What follows is not the output of the task that printed what came before. */
    synchronized void taskEnds() {
        taskStart = end;
    }

    /** The last lines, at most 100 and 16 KiB. */
    synchronized String text() {
        return text(0);
    }

    /** Those of them that no earlier task has printed. */
    synchronized String taskText() {
        return text(taskStart);
    }

    private String text(long earliest) {
        long start = Math.max(earliest, end - BYTES_MAX);
        byte[] bytes = new byte[(int) (end - start)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = ring[(int) ((start + i) % BYTES_MAX)];
        }
        ArrayDeque<String> lines = new ArrayDeque<>();
        // A first line that has lost its beginning is left out.
        for (int to = bytes.length - 1; to > 0 && lines.size() < LINES_MAX; ) {
            int from = to;
            while (from > 0 && bytes[from - 1] != '\n') {
                from--;
            }
            if (from > 0 || start == earliest) {
                lines.addFirst(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            }
            to = from - 1;
        }
        return String.join("\n", lines);
    }
}
