package org.procpool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
    /** By release, those who wait for an end: added by whoever asks, taken out by whoever tells it. */
    private final Map<Integer, CompletableFuture<PoolRolled>> pending = new ConcurrentHashMap<>();
    /** Copies and removes, one after the other. */
    private final ExecutorService disk;
    /** Class path of release 1. */
    private final List<Path> first;
    /** Of the handlers that were copied last; empty before the first restart. On the disk's thread. */
    private String digest = "";

    RollingRestarts(String pool, HandlerReleases copies, List<Path> first, PoolLoop loop) {
        this.pool = pool;
        this.copies = copies;
        this.first = first;
        this.loop = loop;
        this.disk = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, pool + "-release");
            thread.setDaemon(true);
            return thread;
        });
        // What the loop had taken on it has told by then; what is still on its way there it will never come to.
        loop.terminated().whenComplete((done, broken) -> pending.values().forEach(this::tooLate));
    }

    /** Ends it for somebody who asked for a replacement that there will not be. */
    void tooLate(CompletableFuture<?> end) {
        end.completeExceptionally(
                new PoolException("pool '" + pool + "' has ended; its workers are not replaced any more"));
    }

    /** As {@link ProcessPool#restart}. */
    CompletableFuture<PoolRolled> next() {
        int release = lastRelease.incrementAndGet();
        CompletableFuture<PoolRolled> end = new CompletableFuture<>();
        pending.put(release, end);
        end.whenComplete((rolled, error) -> {
            pending.remove(release);
            later(() -> remove(release, rolled));
        });
        if (!later(() -> copy(release, end)) || loop.terminated().isDone()) {
            tooLate(end);
        }
        return end.copy();
    }

    private void copy(int release, CompletableFuture<PoolRolled> end) {
        try {
            List<Path> handlers = copies.copy(release);
            String before = digest.isEmpty() ? HandlerReleases.digest(first) : digest;
            digest = HandlerReleases.digest(handlers);
            LOG.info("pool={} release={} handlers={} before={}", pool, release, digest, before);
            loop.post(() -> loop.roll(release, handlers, end));
        } catch (IOException e) {
            end.completeExceptionally(new PoolException("pool '" + pool + "': " + e.getMessage(), e));
        }
    }

    /** The disk must hold up neither the loop nor the caller. False if the pool is closed, and its files with it. */
    private boolean later(Runnable work) {
        try {
            disk.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Waits for what is being read, so that nothing is written any more where the pool's files have been. */
    void close() {
        disk.shutdown();
        boolean interrupted = false;
        while (!disk.isTerminated()) {
            try {
                disk.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
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
