package org.procpool.proto;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The lines by which a worker says, amid all that it prints, which task the lines behind them belong to. Nobody sees
 * them: the supervisor takes them out. A worker that writes none has output that belongs to no task.
 */
public final class OutputMark {

    /** A line with this byte in front is a mark: the record separator of ASCII, which nothing prints by chance. */
    public static final byte FIRST = 0x1E;

    private static final String PREFIX = (char) FIRST + "procpool ";
    private static final String TASK = PREFIX + "task ";

    private OutputMark() {}

    /** The line, with its end, behind which a task's output begins. */
    public static byte[] begin(long taskId, String name) {
        return (TASK + TaskId.format(taskId) + " (" + name + ")\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The line, with its end, behind which output belongs to no task. */
    public static byte[] end() {
        return (PREFIX + "end\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the line, without its end, is one of these. */
    public static boolean isMark(String line) {
        return line.startsWith(PREFIX);
    }

    /** Which task the mark begins, for people: {@code 4k7 (echo)}; null if it ends one. */
    public static @Nullable String task(String mark) {
        return mark.startsWith(TASK) ? mark.substring(TASK.length()) : null;
    }
}
