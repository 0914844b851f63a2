package org.procpool.proto;

/** Supervisor to worker, control socket: interrupt this very offer, if it is running. */
public record CancelFrame(long dispatch) implements NumberFrame {

    public static final int KIND = 3;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public long number() {
        return dispatch;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static CancelFrame read(WireInput in) {
        return new CancelFrame(NumberFrame.read(in));
    }
}
