package org.procpool.proto;

/** Worker to supervisor, control socket: the answer to {@link EmptyFrame#DUMP}. */
public record ThreadDumpFrame(String text) implements TextFrame {

    public static final int KIND = 7;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public String message() {
        return text;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ThreadDumpFrame read(WireInput in) {
        return new ThreadDumpFrame(TextFrame.read(in));
    }
}
