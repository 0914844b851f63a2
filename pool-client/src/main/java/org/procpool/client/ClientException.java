package org.procpool.client;

import org.jspecify.annotations.Nullable;

/**
 * The client cannot do what was asked: no connection, a server's Error, a full local queue. How a task ended is never
 * an exception but a {@link TaskResult}.
 */
public class ClientException extends RuntimeException {

    /** No address could be reached. */
    public static final String UNREACHABLE = "UNREACHABLE";
    /** What answers there is not a procpool service, or sent bytes that are not of the protocol. */
    public static final String NOT_PROCPOOL = "NOT_PROCPOOL";
    /** A key, certificate or token cannot be used, or must not be sent in the clear. */
    public static final String ACCESS = "ACCESS";
    /** The service wants a token that it knows. */
    public static final String UNAUTHENTICATED = "UNAUTHENTICATED";
    /** The token is not for that. */
    public static final String FORBIDDEN = "FORBIDDEN";
    /** The connection ended before the answer came, or there is none right now. */
    public static final String CONNECTION_LOST = "CONNECTION_LOST";
    /** The local queue is full and the client was told not to wait, or must not wait on its own thread. */
    public static final String QUEUE_FULL = "QUEUE_FULL";
    /** The client is closed. */
    public static final String CLOSED = "CLOSED";
    /** The waiting thread was interrupted; its interrupt flag is set. */
    public static final String INTERRUPTED = "INTERRUPTED";
    /** The task did not succeed; see {@link TaskFailedException}. */
    public static final String TASK_FAILED = "TASK_FAILED";

    private final String code;

    public ClientException(String code, String message) {
        this(code, message, null);
    }

    public ClientException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** One of the constants here, or the code of the server's Error frame, for example SLOW_CLIENT. */
    public String code() {
        return code;
    }
}
