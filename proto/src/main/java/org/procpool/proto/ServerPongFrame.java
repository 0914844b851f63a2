package org.procpool.proto;

/** Service to client: answers {@link ClientPingFrame}. */
public record ServerPongFrame(long nonce) implements NumberFrame {

    public static final int KIND = 6;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public long number() {
        return nonce;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static ServerPongFrame read(WireInput in) {
        return new ServerPongFrame(NumberFrame.read(in));
    }
}
