package org.procpool;

import java.util.concurrent.CompletableFuture;
import org.procpool.task.Outcome;

/**
 * A task's future outcome. Cancelling it ends the task itself: before its start it never runs; while it runs its
 * handler is interrupted, and after the pool's grace its process killed.
 */
final class TaskFuture extends CompletableFuture<Outcome> {

    private final LibraryClient client;
    /** 0 until it is accepted. Used on the loop only. */
    long taskId;

    TaskFuture(LibraryClient client) {
        this.client = client;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            client.cancel(this);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        // What is derived from it is not a task of its own.
        return new CompletableFuture<>();
    }
}
