package org.procpool.proto;

/** Service to client: finish what you have here and connect elsewhere; every further Submit is REJECTED. */
public record GoAwayFrame(String reason) implements TextFrame {

    public static final int KIND = 7;

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public String message() {
        return reason;
    }

    /** Reads the message that {@link Wire#enterMessage} has narrowed the input to. */
    public static GoAwayFrame read(WireInput in) {
        return new GoAwayFrame(TextFrame.read(in));
    }
}
