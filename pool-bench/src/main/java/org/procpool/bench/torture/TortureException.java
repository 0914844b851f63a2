package org.procpool.bench.torture;

/** The torture could not be carried out; the message is for people. */
public final class TortureException extends Exception {

    TortureException(String message) {
        super(message);
    }

    TortureException(String message, Throwable cause) {
        super(message, cause);
    }
}
