package org.procpool.bench.torture;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/**
 * Keeps a window of tasks in flight, and puts each on file before it goes and when its outcome comes. One thread
 * submits; outcomes come on the pool's callback thread.
 */
final class Submitter implements Runnable {

    private final ProcessPool pool;
    private final TortureOptions options;
    private final DriverLog log;
    private final Load load;
    private final Semaphore room;
    private final Thread thread = new Thread(this, "procpool-torture-load");

    /** Guarded by this. */
    private final Map<OutcomeKind, Long> outcomes = new EnumMap<>(OutcomeKind.class);
    /** Guarded by this. */
    private long submitted;

    /** Written by the thread that tortures, read by the one that submits. */
    private volatile boolean ending;
    /** Written by the thread that tortures, read by the one that submits: only tasks of which workers get many. */
    private volatile boolean tinyOnly;
    /** Written by either of this class's threads, read by the one that tortures. */
    private volatile @Nullable RuntimeException failure;

    Submitter(ProcessPool pool, TortureOptions options, DriverLog log) {
        this.pool = pool;
        this.options = options;
        this.log = log;
        this.load = new Load(options.seed());
        this.room = new Semaphore(options.window());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!ending) {
                submit();
            }
        } catch (InterruptedException e) {
            // Told to stop at once.
            return;
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** The next one, as soon as there is room. */
    CompletableFuture<Outcome> submit() throws InterruptedException {
        room.acquire();
        TortureOptions.UserTask own = options.task();
        long number = nextNumber();
        TaskSpec spec = own == null ? load.next(number, tinyOnly) : TaskSpec.of(own.name(), own.payload());
        log.submitted(number, spec.maxAttempts(), Way.UNASKED);
        return pool.submit(spec).whenComplete((outcome, error) -> {
            ended(number, outcome, error);
            room.release();
        });
    }

    /** Beyond the window, from any thread: a task that takes its worker along. */
    CompletableFuture<Outcome> submitDeadly(Way way, long runTimeoutNanos) {
        long number = nextNumber();
        TaskSpec spec = Load.deadly(number, way).withRunTimeoutNanos(runTimeoutNanos);
        log.submitted(number, 1, way);
        return pool.submit(spec).whenComplete((outcome, error) -> ended(number, outcome, error));
    }

    private synchronized long nextNumber() {
        submitted++;
        return submitted;
    }

    private void ended(long number, @Nullable Outcome outcome, @Nullable Throwable error) {
        if (outcome == null) {
            failure = new IllegalStateException("task " + number + " has no outcome", error);
            return;
        }
        try {
            log.ended(number, outcome);
        } catch (RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            outcomes.merge(outcome.kind(), 1L, Long::sum);
            notifyAll();
        }
    }

    void tinyOnly(boolean value) {
        tinyOnly = value;
    }

    /** @throws TortureException if nothing can be submitted any more */
    void check() throws TortureException {
        RuntimeException e = failure;
        if (e != null) {
            throw new TortureException("the load ended: " + e.getMessage(), e);
        }
    }

    synchronized Map<OutcomeKind, Long> outcomes() {
        return new EnumMap<>(outcomes);
    }

    synchronized long submitted() {
        return submitted;
    }

    /** Submits no more and waits until every task has its outcome, or the time is over. */
    void finish(long timeoutNanos) throws InterruptedException, TortureException {
        ending = true;
        thread.join();
        long deadline = System.nanoTime() + timeoutNanos;
        synchronized (this) {
            while (unfinished() > 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                check();
                if (left <= 0) {
                    // The verifier names those that are missing.
                    return;
                }
                wait(Math.min(left, 1_000));
            }
        }
        check();
    }

    private long unfinished() {
        return submitted - outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    void stop() {
        ending = true;
        thread.interrupt();
    }
}
