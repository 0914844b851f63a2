package org.procpool.proto;

/** Worker to supervisor, control socket: sent by a thread of its own, so a busy worker answers too. */
public record PongFrame(long nonce) implements NumberFrame {

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
    public static PongFrame read(WireInput in) {
        return new PongFrame(NumberFrame.read(in));
    }
}
