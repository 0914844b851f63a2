package org.procpool.worker;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.procpool.proto.Wire;

/**
 * What all threads of this process are doing, as text. Made by what {@link Thread} itself offers: the management beans
 * would say which locks are held, too, but they are a module of their own to load, at the worst of moments.
 */
final class ThreadDump {

    /** Leaves room for what a frame has beyond its text, so that the frame fits whatever payloads may have. */
    static final int BYTES_MAX = Wire.ENVELOPE_BYTES_MAX - 1024;

    private static final String CUT = "\n… (cut)\n";
    private static final int NAME_CHARS_MAX = 200;

    private ThreadDump() {}

    /** Describes all threads, in at most {@link #BYTES_MAX} bytes of UTF-8; the one that matters comes first. */
    static String take(Thread first) {
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        StringBuilder text = new StringBuilder(8 * 1024);
        StackTraceElement[] stack = stacks.remove(first);
        if (stack != null) {
            append(text, first, stack);
        }
        for (Map.Entry<Thread, StackTraceElement[]> other : stacks.entrySet()) {
            // One character is three bytes at most, but nearly all of them are one: so there is enough to cut.
            if (text.length() > BYTES_MAX) {
                break;
            }
            append(text, other.getKey(), other.getValue());
        }
        return cut(text.toString());
    }

    private static void append(StringBuilder text, Thread thread, StackTraceElement[] stack) {
        text.append('"').append(ErrorText.cut(thread.getName(), NAME_CHARS_MAX)).append('"');
        if (thread.isDaemon()) {
            text.append(" daemon");
        }
        text.append(" prio=").append(thread.getPriority());
        text.append(' ').append(thread.getState()).append('\n');
        for (StackTraceElement frame : stack) {
            text.append("\tat ").append(frame).append('\n');
        }
        text.append('\n');
    }

    private static String cut(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= BYTES_MAX) {
            return text;
        }
        // What is cut in the middle of a character becomes a replacement character, of three bytes.
        int room = BYTES_MAX - CUT.getBytes(StandardCharsets.UTF_8).length - 3;
        return new String(bytes, 0, room, StandardCharsets.UTF_8) + CUT;
    }
}
