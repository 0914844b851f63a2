package org.procpool;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds tasks of one name back while all others go on. A pool does so by itself with those that kill worker after
 * worker; see {@link PoolOptions#poison} and, for what is held back now, {@link PoolSnapshot#quarantined}. Any thread.
 */
public final class TaskQuarantine {

    private final String pool;
    private final PoolLoop loop;

    TaskQuarantine(String pool, PoolLoop loop) {
        this.pool = pool;
        this.loop = loop;
    }

    /**
     * Refuses tasks of that name from now on, until {@link #release}, and ends those that have not begun.
     *
     * @return completes when that is so; exceptionally with {@link PoolException} if no worker knows such tasks, or the
     *     pool is shutting down
     */
    public CompletableFuture<Void> add(String task) {
        return onLoop(() -> loop.quarantine(task));
    }

    /**
     * Takes tasks of that name again.
     *
     * @return completes when that is so; exceptionally with {@link PoolException} if they were not held back
     */
    public CompletableFuture<Void> release(String task) {
        return onLoop(() -> loop.release(task) ? null : "task '" + task + "' is not in quarantine");
    }

    /** @param work says why not; null if it is done */
    private CompletableFuture<Void> onLoop(Supplier<@Nullable String> work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.post(
                () -> {
                    String refusal = work.get();
                    if (refusal == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(new PoolException("pool '" + pool + "': " + refusal));
                    }
                },
                () -> done.completeExceptionally(new PoolException("pool '" + pool + "' has ended")));
        return done;
    }
}
