package org.procpool.proto;

/** Worker to supervisor, data socket: the handler of this offer begins now. Only from workers without a recorder. */
public record StartedFrame(long dispatch) implements NumberFrame {

    public static final int KIND = 8;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public long number() {
        return dispatch;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static StartedFrame read(WireInput in) {
        return new StartedFrame(NumberFrame.read(in));
    }
}
