package org.procpool.proto;

/** Bytes from a peer that are not what the protocol allows. Ends that peer's connection and nothing else. */
public final class WireException extends RuntimeException {

    /** What is wrong with the bytes; its name is the code in the {@code Error} frame that the peer gets. */
    public enum Reason {
        /** A field runs past the end of its message. */
        TRUNCATED,
        /** Not protobuf, or not a message of the protocol. */
        MALFORMED,
        /** The length prefix exceeds the limit; nothing was allocated for it. */
        FRAME_TOO_LARGE
    }

    private final Reason reason;
    private final String message;

    public WireException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
        this.message = message;
    }

    /** For people; never null. */
    @Override
    public String getMessage() {
        return message;
    }

    public Reason reason() {
        return reason;
    }
}
