package org.procpool.proto;

/** Worker to supervisor, data socket, instead of Ready. */
public record BootFailedFrame(String reason) implements TextFrame {

    public static final int KIND = 6;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public String message() {
        return reason;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static BootFailedFrame read(WireInput in) {
        return new BootFailedFrame(TextFrame.read(in));
    }
}
