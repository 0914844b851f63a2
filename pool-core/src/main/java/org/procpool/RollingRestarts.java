package org.procpool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener.PoolRolled;
import org.procpool.process.HandlerReleases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads handlers anew for the loop to restart the workers with, and removes what is of no use any more. Any thread. */
final class RollingRestarts {

    private static final Logger LOG = LoggerFactory.getLogger(RollingRestarts.class);

    private final String pool;
    private final HandlerReleases copies;
    private final PoolLoop loop;
    /** Written by whoever asks for a restart. */
    private final AtomicInteger lastRelease = new AtomicInteger(1);

    RollingRestarts(String pool, HandlerReleases copies, PoolLoop loop) {
        this.pool = pool;
        this.copies = copies;
        this.loop = loop;
    }

    /** As {@link ProcessPool#restart}. */
    CompletableFuture<PoolRolled> next() {
        int release = lastRelease.incrementAndGet();
        CompletableFuture<PoolRolled> end = new CompletableFuture<>();
        onItsOwnThread(() -> {
            try {
                List<Path> handlers = copies.copy(release);
                loop.post(() -> loop.roll(release, handlers, end));
            } catch (IOException e) {
                end.completeExceptionally(new PoolException("pool '" + pool + "': " + e.getMessage(), e));
            }
        });
        end.whenComplete((rolled, error) -> onItsOwnThread(() -> remove(release, rolled)));
        return end.copy();
    }

    /** The disk must not hold up the loop, nor the caller. */
    private void onItsOwnThread(Runnable work) {
        Thread thread = new Thread(work, pool + "-release");
        thread.setDaemon(true);
        thread.start();
    }

    private void remove(int release, @Nullable PoolRolled rolled) {
        boolean taken = rolled != null && rolled.failure() == null;
        try {
            for (int number = taken ? 1 : release; number < (taken ? release : release + 1); number++) {
                copies.remove(number);
            }
        } catch (IOException e) {
            LOG.warn("pool={} release={} left copies of handlers behind: {}", pool, release, e.getMessage());
        }
    }
}
