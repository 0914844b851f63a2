package org.procpool.proto;

/** Supervisor to worker, control socket. */
public record PingFrame(long nonce) implements NumberFrame {

    public static final int KIND = 4;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public long number() {
        return nonce;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static PingFrame read(WireInput in) {
        return new PingFrame(NumberFrame.read(in));
    }
}
