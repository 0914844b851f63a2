package org.procpool.codec;

import org.jspecify.annotations.Nullable;

/**
 * A value that cannot be carried, or a payload that is not such a value. The message names the field; it never shows a
 * value, since messages reach logs.
 */
public final class CodecException extends RuntimeException {

    /** What stands in the way. */
    public enum Reason {
        /** Part of the value is code or a resource (a lambda, a thread, a stream) or a type without a JSON form. */
        NOT_SERIALIZABLE,
        /** The value contains itself. */
        CYCLE,
        /** The encoded value exceeds the limit. */
        TOO_LARGE,
        /** The payload is not the JSON of the expected type. */
        MALFORMED
    }

    private final Reason reason;

    CodecException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
