package org.procpool.recorder;

import org.jspecify.annotations.Nullable;

/**
 * The shared page holds what its rules do not allow, so nothing in it can be believed: the worker is to be killed, and
 * its unfinished tasks count as possibly started. The message names the value and what it should have been, never a
 * payload.
 */
public final class CorruptRecorderException extends RuntimeException {

    public CorruptRecorderException(String message) {
        this(message, null);
    }

    public CorruptRecorderException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
