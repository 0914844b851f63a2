package org.procpool.proto;

/** Client to service: answer with {@link ServerPongFrame} and the same nonce. */
public record ClientPingFrame(long nonce) implements NumberFrame {

    public static final int KIND = 5;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public long number() {
        return nonce;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ClientPingFrame read(WireInput in) {
        return new ClientPingFrame(NumberFrame.read(in));
    }
}
