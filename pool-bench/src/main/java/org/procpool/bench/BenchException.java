package org.procpool.bench;

/** The load could not be made. The message is a sentence for people. */
public final class BenchException extends Exception {

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
