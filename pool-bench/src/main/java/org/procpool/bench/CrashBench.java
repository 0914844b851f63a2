package org.procpool.bench;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.PoolSnapshot;
import org.procpool.ProcessPool;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerId;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/**
 * How long a crash holds up the task behind it: a pool of one worker and one spare, SIGKILL to the worker while it is
 * busy, and the time from just before the signal is sent to the outcome of the task that was queued behind. In every
 * tenth round the spare that took over is killed too, before its own replacement has booted; told apart.
 */
public final class CrashBench {

    private static final long PATIENCE_SECONDS = 60;
    private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    private static final int DIGITS = 3;
    private static final int SECOND_CRASH_EVERY = 10;
    /** So that what is measured is compiled, and the pool sees workers that serve and need no pause before the next. */
    private static final int CALM_TASKS = 50;

    /** An idle worker has started what it was handed long before; what it has not started would be re-routed. */
    private static final long STARTED_MILLIS = 20;

    private static final int TRIES_MAX = 10;
    private static final double NANOS_PER_MICRO = 1e3;

    private final ProcessPool pool;
    private final Histogram first = new Histogram(NANOS_MAX, DIGITS);
    private final Histogram second = new Histogram(NANOS_MAX, DIGITS);
    private final Histogram seen = new Histogram(NANOS_MAX, DIGITS);
    /** When the pool saw a worker's first socket end. Written by the callback thread, read by the caller's. */
    private final Map<WorkerId, Long> seenNanos;

    private CrashBench(ProcessPool pool, Map<WorkerId, Long> seenNanos) {
        this.pool = pool;
        this.seenNanos = seenNanos;
    }

    /** From the signal to the outcome, in microseconds; all 0 if there was none. */
    public record Delay(long count, double minMicros, double p50Micros, double p99Micros, double maxMicros) {

        static Delay of(Histogram nanos) {
            if (nanos.getTotalCount() == 0) {
                return new Delay(0, 0, 0, 0, 0);
            }
            return new Delay(
                    nanos.getTotalCount(),
                    nanos.getMinValue() / NANOS_PER_MICRO,
                    nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                    nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
                    nanos.getMaxValue() / NANOS_PER_MICRO);
        }
    }

    /**
     * What came of it.
     *
     * @param first with a warm spare
     * @param second while that spare's replacement was still booting
     * @param seen part of the first: until the pool saw the first of the sockets end. The system closes them when it
     *     has taken the process's memory apart, so this is not the pool's to shorten
     */
    public record Report(Delay first, Delay second, Delay seen) {}

    /**
     * Carries it out; an interrupt ends it early.
     *
     * @param options for the pool, with the handlers {@code sleep} and {@code echo}; its numbers of workers and spares
     *     are not looked at
     * @param rounds from 1
     * @param progress told how many are done, on the calling thread
     * @throws BenchException if the pool does not do what is asked of it
     */
    public static Report run(PoolOptions options, int rounds, IntConsumer progress)
            throws BenchException, InterruptedException {
        PoolOptions oneAndOne = options.withWorkers(1)
                .withSpares(1)
                .withRestartsMax(100_000)
                .withPoison(PoisonLimits.DEFAULT.withDeaths(0));
        Map<WorkerId, Long> seenNanos = new ConcurrentHashMap<>();
        PoolListener listener = new PoolListener() {
            @Override
            public void workerDisconnected(WorkerDisconnected event) {
                seenNanos.put(event.worker(), System.nanoTime());
            }
        };
        ProcessPool pool =
                ProcessPool.builder().options(oneAndOne).listener(listener).build();
        boolean done = false;
        try {
            CrashBench bench = new CrashBench(pool, seenNanos);
            for (int round = 1; round <= rounds; round++) {
                bench.round(round % SECOND_CRASH_EVERY == 0);
                progress.accept(round);
            }
            done = true;
            return new Report(Delay.of(bench.first), Delay.of(bench.second), Delay.of(bench.seen));
        } finally {
            if (!done) {
                pool.stop();
            }
            pool.close();
        }
    }

    private void round(boolean twice) throws BenchException, InterruptedException {
        int tries = 0;
        do {
            if (++tries > TRIES_MAX) {
                throw new BenchException("a worker that was handed a task had not started it " + STARTED_MILLIS
                        + " ms later, " + TRIES_MAX + " times in a row; is this machine busy with something else?");
            }
            until("one worker is idle and one spare is warm", CrashBench::isWarm);
            for (int i = 0; i < CALM_TASKS; i++) {
                outcome(pool.submit("echo", "calm"));
            }
        } while (!crash(first, seen));
        if (twice) {
            crash(second, new Histogram(NANOS_MAX, DIGITS));
        }
    }

    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(STARTED_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static boolean isWarm(PoolSnapshot snapshot) {
        return count(snapshot, WorkerState.IDLE) == 1 && count(snapshot, WorkerState.SPARE) == 1;
    }

    private static long count(PoolSnapshot snapshot, WorkerState state) {
        return snapshot.workers().stream()
                .filter(worker -> worker.state() == state)
                .count();
    }

    /**
     * Records the time from just before the signal to the outcome of the task behind, and to the first sign of it.
     *
     * @return false if the worker had not started the task that it was to die of: that went elsewhere, so it was no
     *     crash of a busy worker, and nothing is recorded
     */
    private boolean crash(Histogram whole, Histogram sign) throws BenchException, InterruptedException {
        CompletableFuture<Outcome> running = pool.submit("sleep", "5s");
        WorkerSnapshot victim =
                until("the worker is busy", snapshot -> count(snapshot, WorkerState.BUSY) == 1).workers().stream()
                        .filter(worker -> worker.state() == WorkerState.BUSY)
                        .findFirst()
                        .orElseThrow();
        AtomicLong endNanos = new AtomicLong();
        CompletableFuture<Outcome> behind =
                pool.submit("echo", "behind").whenComplete((outcome, error) -> endNanos.set(System.nanoTime()));
        // The one behind must have come to the pool, else its way there would be measured too.
        until(
                "the other task waits",
                snapshot -> snapshot.queuedTasks() > 0
                        || snapshot.workers().stream().anyMatch(worker -> worker.inFlight() > 1));
        pause();
        ProcessHandle process = ProcessHandle.of(victim.pid())
                .orElseThrow(() -> new BenchException("worker " + victim.id() + " is gone before it was killed"));
        long startNanos = System.nanoTime();
        process.destroyForcibly();
        Outcome outcome = outcome(behind);
        if (!outcome.succeeded()) {
            throw new BenchException("the task behind the crash ended as " + outcome.kind());
        }
        if (outcome(running).kind() != OutcomeKind.WORKER_LOST) {
            return false;
        }
        whole.recordValue(endNanos.get() - startNanos);
        Long closed = seenNanos.get(victim.id());
        if (closed != null) {
            sign.recordValue(closed - startNanos);
        }
        return true;
    }

    private Outcome outcome(CompletableFuture<Outcome> task) throws BenchException, InterruptedException {
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("a task has no outcome after " + PATIENCE_SECONDS + " s", e);
        }
    }

    private PoolSnapshot until(String what, Predicate<PoolSnapshot> condition)
            throws BenchException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        PoolSnapshot snapshot = pool.snapshot();
        while (!condition.test(snapshot)) {
            if (System.nanoTime() - deadline > 0) {
                throw new BenchException("waited " + PATIENCE_SECONDS + " s in vain until " + what
                        + "; the workers are " + snapshot.workers());
            }
            new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS);
            snapshot = pool.snapshot();
        }
        return snapshot;
    }
}
