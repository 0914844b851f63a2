package org.procpool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries user code off the loop: what a turn has to tell is handed over in one batch, in order, to a thread of the
 * pool's own or to the caller's executor.
 */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final List<Runnable> END = List.of();

    private final @Nullable Executor executor;
    /** Filled by the loop, emptied by the callback thread. */
    private final LinkedBlockingQueue<List<Runnable>> batches = new LinkedBlockingQueue<>();

    private final Thread thread;
    /** Of this turn. Used on the loop only. */
    private List<Runnable> batch = new ArrayList<>();

    /** @param executor null = a thread of its own */
    Callbacks(String pool, @Nullable Executor executor) {
        this.executor = executor;
        this.thread = new Thread(this::serve, pool + "-callbacks");
        thread.setDaemon(true);
        thread.start();
    }

    /** On the loop. */
    void add(Runnable callback) {
        batch.add(callback);
    }

    /** On the loop, at the end of a turn. */
    void flush() {
        if (!batch.isEmpty()) {
            batches.add(batch);
            batch = new ArrayList<>();
        }
    }

    /** On the loop. What was added before is still called. */
    void end() {
        flush();
        batches.add(END);
    }

    /** Waits until everything has been called; not from a callback. */
    void awaitEnd() {
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        try {
            for (List<Runnable> next = batches.take(); next != END; next = batches.take()) {
                List<Runnable> batchToRun = next;
                if (executor == null) {
                    run(batchToRun);
                } else {
                    executor.execute(() -> run(batchToRun));
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("the callback thread was interrupted by user code and ends; callbacks are lost");
        }
    }

    private static void run(List<Runnable> callbacks) {
        for (Runnable callback : callbacks) {
            try {
                callback.run();
            } catch (RuntimeException e) {
                LOG.error("a callback failed", e);
            }
        }
    }
}
