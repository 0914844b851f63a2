package org.procpool;

/** A pool that cannot be, or can no longer be, of use. How a task ends is never an exception, but an outcome. */
public final class PoolException extends RuntimeException {

    public PoolException(String message) {
        super(message);
    }

    public PoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
