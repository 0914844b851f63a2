package org.procpool.worker;

/** Why this worker cannot serve, in one sentence for people. */
final class BootException extends RuntimeException {

    BootException(String message) {
        super(message);
    }

    BootException(String message, Throwable cause) {
        super(message, cause);
    }
}
