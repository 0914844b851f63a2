package org.procpool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.procpool.ProcessPool;
import org.procpool.task.Outcome;

/**
 * A closed loop through the library: some threads share a window of tasks and submit as fast as outcomes come. The
 * futures are completed by the pool's callback thread, which is where their time is taken.
 */
final class LibraryLoad {

    /** Taking the time twice a task would be seen in the rate of millions. */
    private static final int TIMED_EVERY = 16;

    private static final long PARK_NANOS_MAX = 100_000_000L;

    private final ProcessPool pool;
    private final String task;
    private final List<byte[]> payloads;
    private final int timedEvery;
    private final Schedule schedule;
    private final List<Caller> callers = new ArrayList<>();
    /** Written by whoever meets the first error, read in the end. */
    private volatile @Nullable String firstError;

    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * Whatever the window, each caller has at least one task of it.
     *
     * @param payloads of the tasks, in turn; none may have an empty result
     * @param timedAll take the time of every task, not of one in sixteen
     */
    LibraryLoad(
            ProcessPool pool,
            String task,
            List<byte[]> payloads,
            int window,
            int callerCount,
            boolean timedAll,
            Schedule schedule) {
        this.pool = pool;
        this.task = task;
        this.payloads = List.copyOf(payloads);
        this.timedEvery = timedAll ? 1 : TIMED_EVERY;
        this.schedule = schedule;
        for (int i = 0; i < callerCount; i++) {
            callers.add(new Caller(i, Math.max(1, window / callerCount)));
        }
    }

    void start() {
        callers.forEach(Thread::start);
    }

    /** Nothing more is submitted. */
    void stop() {
        stopped.set(true);
    }

    /** Waits until all callers have ended and all their tasks have outcomes. */
    Tally join() throws BenchException, InterruptedException {
        Tally sum = new Tally();
        for (Caller caller : callers) {
            caller.join();
            synchronized (caller.tally) {
                sum.add(caller.tally);
            }
        }
        String error = firstError;
        if (error != null) {
            throw new BenchException("a task did not succeed: " + error);
        }
        return sum;
    }

    /** One thread that submits, and what the callback thread notes of its tasks. */
    private final class Caller extends Thread {

        private final int window;
        /** Added to by this thread, taken from by the callback thread. */
        private final AtomicInteger unfinished = new AtomicInteger();
        /** Set by this thread before it parks, cleared by whoever wakes it. */
        private final AtomicBoolean parked = new AtomicBoolean();
        /** A future that is complete already calls back on this thread, others on the callback thread. */
        private final LongAdder completed = new LongAdder();
        /** Guarded by itself, for the same reason. */
        private final Tally tally = new Tally();

        Caller(int number, int window) {
            super("procpool-bench-caller-" + number);
            setDaemon(true);
            this.window = window;
        }

        @Override
        public void run() {
            long submitted = 0;
            while (!stopped.get() && schedule.isSending(System.nanoTime())) {
                int room = window - unfinished.get();
                if (room <= 0) {
                    await(window / 2);
                    continue;
                }
                unfinished.addAndGet(room);
                for (int i = 0; i < room; i++) {
                    byte[] payload = payloads.get((int) (submitted % payloads.size()));
                    submit(payload, submitted++ % timedEvery == 0);
                }
            }
            while (unfinished.get() > 0) {
                await(0);
            }
        }

        private void submit(byte[] payload, boolean timed) {
            CompletableFuture<Outcome> outcome = pool.submit(task, payload);
            if (timed) {
                long startNanos = System.nanoTime();
                outcome.whenComplete((result, error) -> ended(result, error, startNanos));
            } else {
                outcome.whenComplete(this::ended);
            }
        }

        /** Until so few are unfinished. */
        private void await(int few) {
            parked.set(true);
            if (unfinished.get() > few) {
                LockSupport.parkNanos(this, PARK_NANOS_MAX);
            }
            parked.set(false);
        }

        private void ended(@Nullable Outcome outcome, @Nullable Throwable error, long startNanos) {
            long now = System.nanoTime();
            if (schedule.isMeasured(now)) {
                synchronized (tally) {
                    tally.latency(now - startNanos);
                }
            }
            ended(outcome, error);
        }

        private void ended(@Nullable Outcome outcome, @Nullable Throwable error) {
            if (outcome == null || !outcome.succeeded() || outcome.payload().size() == 0) {
                firstError = error == null ? String.valueOf(outcome) : String.valueOf(error.getMessage());
                stopped.set(true);
            }
            completed.increment();
            int left = unfinished.decrementAndGet();
            if (left <= window / 2 && parked.get() && parked.compareAndSet(true, false)) {
                LockSupport.unpark(this);
            }
        }
    }

    /**
     * Waits for the measured part to begin and to end.
     *
     * @return outcomes a second in between
     */
    double perSec() throws InterruptedException {
        Pause.until(schedule.measureFrom());
        long from = System.nanoTime();
        long before = completed();
        Pause.until(schedule.measureUntil());
        return (completed() - before) * 1e9 / (System.nanoTime() - from);
    }

    private long completed() {
        return callers.stream().mapToLong(caller -> caller.completed.sum()).sum();
    }
}
