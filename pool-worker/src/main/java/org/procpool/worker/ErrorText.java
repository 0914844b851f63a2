package org.procpool.worker;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * Describes what a handler threw, in bounds. An exception is code of the handler too: its methods may throw, answer
 * null or never come to an end with ever new causes, and none of that may cost the worker.
 */
final class ErrorText {

    static final int TYPE_CHARS_MAX = 500;
    static final int MESSAGE_CHARS_MAX = 4_000;

    /** In characters, the bound of 16 KiB in bytes for what is mostly ASCII. */
    static final int STACK_CHARS_MAX = 16 * 1024;

    private static final String CUT = " … (cut)";

    private ErrorText() {}

    /** Its class; of a command that failed, how it ended. */
    static String type(Throwable thrown) {
        if (thrown instanceof CommandFailedException failed) {
            return failed.type();
        }
        return cut(thrown.getClass().getName(), TYPE_CHARS_MAX);
    }

    /** The exception's own message; empty if it has none. */
    static String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : cut(message, MESSAGE_CHARS_MAX);
        } catch (Throwable failure) {
            return "(the exception's getMessage() failed with " + type(failure) + ")";
        }
    }

    /** The stack with its causes, as Java prints it; frames only if the exception cannot print itself. */
    static String stack(Throwable thrown) {
        if (thrown instanceof CommandFailedException) {
            return "";
        }
        BoundedWriter out = new BoundedWriter();
        try {
            thrown.printStackTrace(new PrintWriter(out));
            return out.toString();
        } catch (Full e) {
            return out + CUT;
        } catch (Throwable failure) {
            return frames(thrown);
        }
    }

    private static String frames(Throwable thrown) {
        StringBuilder text = new StringBuilder(type(thrown));
        try {
            for (StackTraceElement frame : thrown.getStackTrace()) {
                text.append(System.lineSeparator()).append("\tat ").append(frame);
            }
        } catch (Throwable failure) {
            text.append(System.lineSeparator())
                    .append("\t(its stack failed with ")
                    .append(type(failure))
                    .append(')');
        }
        return cut(text.toString(), STACK_CHARS_MAX);
    }

    /** At most so many characters, and no half of a surrogate pair. */
    static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
        return text.substring(0, end) + CUT;
    }

    /** Ends the printing of a stack that has been printed far enough. */
    private static final class Full extends RuntimeException {

        Full() {
            super(null, null, false, false);
        }
    }

    private static final class BoundedWriter extends Writer {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void write(char[] chars, int offset, int length) {
            int room = STACK_CHARS_MAX - text.length();
            text.append(chars, offset, Math.min(room, length));
            if (length > room) {
                throw new Full();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
