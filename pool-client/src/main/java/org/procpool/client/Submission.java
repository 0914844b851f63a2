package org.procpool.client;

import java.util.concurrent.CompletableFuture;

/** A task on its way, for callers who need its id or want to take it back. Thread-safe. */
public final class Submission {

    private final Pending pending;

    Submission(Pending pending) {
        this.pending = pending;
    }

    /** The service's id of the task; fails with {@link TaskFailedException} if it ends without being accepted. */
    public CompletableFuture<Long> accepted() {
        return pending.accepted();
    }

    public CompletableFuture<TaskResult> result() {
        return pending;
    }

    /**
     * Takes the task back if it was not sent yet, else asks the service to. The result tells which won: CANCELLED, or
     * what the task had come to by then.
     */
    public void cancel() {
        pending.withdraw();
    }
}
