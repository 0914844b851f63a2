package org.procpool.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.conductor.PoisonLimits;
import org.procpool.proto.Payload;
import org.procpool.task.Durations;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/**
 * What a handler costs that kills its worker each time, while tasks for it keep coming: the processor time of the
 * supervisor, this process, and of all workers that it boots meanwhile, whether the pool goes on answering, and how it
 * recovers when no such task comes any more. The kind of task is not held back, which would be the end of it.
 */
public final class StormBench {

    /** Of the samples that misbehave. */
    private static final String KILLER = "halt";

    private static final int WAITING = 64;
    /** What has not begun by then is no part of the storm any more when that is over. */
    private static final long TTL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LOOK_MILLIS = 20;
    /** Time for the archive of the workers' classes, which is made once, to be ready. */
    private static final long CALM_MILLIS = 5_000;

    private static final long PATIENCE_SECONDS = 180;
    private static final double NANOS_PER_MILLI = 1e6;

    private final ProcessPool pool;
    private final Witness witness;

    private StormBench(ProcessPool pool, Witness witness) {
        this.pool = pool;
        this.witness = witness;
    }

    /**
     * What came of it. Shares are percent of one processor.
     *
     * @param supervisorShare of this process, which makes the storm too
     * @param workersShare of all workers, those that have died included
     * @param deaths of workers during the storm
     * @param degradedMillis from its beginning until the pool was DEGRADED; -1 if it never was
     * @param answerMillisMax the longest that the pool took to say what it does
     * @param servedMillis from its end to the first result of another task
     * @param recoveredMillis from its end until the pool was DEGRADED no more; -1 if it was not any more at its end
     */
    public record Report(
            PoolOptions options,
            double seconds,
            double supervisorShare,
            double workersShare,
            int deaths,
            double degradedMillis,
            double answerMillisMax,
            double servedMillis,
            double recoveredMillis) {}

    /** Listens; its numbers are written by the callback thread. */
    private static final class Witness implements PoolListener {

        private final AtomicInteger deaths = new AtomicInteger();
        private final AtomicLong degradedNanos = new AtomicLong();
        /** When the last time ends that it is; done if it is not. */
        private volatile CompletableFuture<Long> recoveredNanos = CompletableFuture.completedFuture(0L);

        @Override
        public void workerExited(WorkerExited event) {
            deaths.incrementAndGet();
        }

        @Override
        public void poolDegraded(PoolDegraded event) {
            degradedNanos.compareAndSet(0, System.nanoTime());
            recoveredNanos = new CompletableFuture<>();
        }

        @Override
        public void poolRecovered() {
            recoveredNanos.complete(System.nanoTime());
        }
    }

    /**
     * Carries it out, and waits for the recovery, which may take minutes.
     *
     * @param options for the pool, with the handlers {@code halt} and {@code echo}
     * @param seconds of the storm, from 1
     * @param progress told the part that is done, on the calling thread
     */
    public static Report run(PoolOptions options, int seconds, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        Witness witness = new Witness();
        PoolOptions unpoisoned = options.withPoison(PoisonLimits.DEFAULT.withDeaths(0));
        ProcessPool pool =
                ProcessPool.builder().options(unpoisoned).listener(witness).build();
        try {
            new CountDownLatch(1).await(CALM_MILLIS, TimeUnit.MILLISECONDS);
            return new StormBench(pool, witness).measure(seconds, progress);
        } finally {
            pool.stop();
            pool.close();
        }
    }

    private Report measure(int seconds, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        long supervisorBefore = ProcessStat.of(self).cpuMillis();
        long workersBefore = ProcessStat.offspringCpuMillis(self);
        long startNanos = System.nanoTime();
        long answerNanosMax = storm(startNanos, TimeUnit.SECONDS.toNanos(seconds), progress);
        long endNanos = System.nanoTime();
        double wallMillis = (endNanos - startNanos) / NANOS_PER_MILLI;
        double supervisor = ProcessStat.of(self).cpuMillis() - supervisorBefore;
        double workers = ProcessStat.offspringCpuMillis(self) - workersBefore;
        int deaths = witness.deaths.get();
        CompletableFuture<Long> recovered = witness.recoveredNanos;
        boolean degradedYet = !recovered.isDone();

        Outcome other = outcome(pool.submit("echo", "calm"));
        if (!other.succeeded()) {
            throw new BenchException("the first task after the storm ended as " + other.kind());
        }
        double servedMillis = (System.nanoTime() - endNanos) / NANOS_PER_MILLI;
        long degraded = witness.degradedNanos.get();
        return new Report(
                pool.options(),
                wallMillis / 1e3,
                100 * supervisor / wallMillis,
                100 * workers / wallMillis,
                deaths,
                degraded == 0 ? -1 : (degraded - startNanos) / NANOS_PER_MILLI,
                answerNanosMax / NANOS_PER_MILLI,
                servedMillis,
                degradedYet ? (outcome(recovered) - endNanos) / NANOS_PER_MILLI : -1);
    }

    /** Returns the longest time that the pool took to answer, in nanoseconds. */
    private long storm(long startNanos, long nanos, DoubleConsumer progress) throws InterruptedException {
        TaskSpec killer = TaskSpec.of(KILLER, Payload.of("1")).withTtlNanos(TTL_NANOS);
        Semaphore room = new Semaphore(WAITING);
        long answerNanosMax = 0;
        for (long now = startNanos; now - startNanos < nanos; now = System.nanoTime()) {
            while (room.tryAcquire()) {
                pool.submit(killer).whenComplete((outcome, error) -> room.release());
            }
            long asked = System.nanoTime();
            pool.snapshot();
            answerNanosMax = Math.max(answerNanosMax, System.nanoTime() - asked);
            progress.accept((double) (now - startNanos) / nanos);
            new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return answerNanosMax;
    }

    private static <T> T outcome(CompletableFuture<T> future) throws BenchException, InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("the pool has not recovered " + PATIENCE_SECONDS + " s after the storm", e);
        }
    }

    /** A few lines for people, each ended by a line feed. */
    public static String text(Report report) {
        PoolOptions options = report.options();
        Lines text = new Lines();
        text.line(
                "a handler that kills its worker each time, for %.0f s; %s and %s, max-restarts %d in %s",
                report.seconds(),
                Lines.plural(options.workers(), "worker"),
                Lines.plural(options.spares(), "spare"),
                options.restartsMax(),
                Durations.format(options.restartWindowNanos()));
        text.line(
                "  processor time    %.1f %% of one processor: supervisor %.1f %%, workers %.1f %%",
                report.supervisorShare() + report.workersShare(), report.supervisorShare(), report.workersShare());
        text.line(
                "  deaths            %d%s",
                report.deaths(),
                report.degradedMillis() < 0 ? "" : ", DEGRADED after " + seconds(report.degradedMillis()));
        text.line("  longest answer    %.1f ms", report.answerMillisMax());
        text.line(
                "  after the storm   the next task's result after %s%s",
                seconds(report.servedMillis()),
                report.recoveredMillis() < 0 ? "" : ", recovered after " + seconds(report.recoveredMillis()));
        return text.toString();
    }

    private static String seconds(double millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    /** One line, without a line feed. */
    public static String json(Report report) {
        return Json.object(json -> {
            json.writeNumberField("workers", report.options().workers());
            json.writeNumberField("spares", report.options().spares());
            json.writeNumberField("seconds", Json.tenths(report.seconds()));
            json.writeNumberField("supervisorPercent", Json.tenths(report.supervisorShare()));
            json.writeNumberField("workersPercent", Json.tenths(report.workersShare()));
            json.writeNumberField("deaths", report.deaths());
            json.writeNumberField("degradedMillis", Json.tenths(report.degradedMillis()));
            json.writeNumberField("answerMillisMax", Json.tenths(report.answerMillisMax()));
            json.writeNumberField("servedMillis", Json.tenths(report.servedMillis()));
            json.writeNumberField("recoveredMillis", Json.tenths(report.recoveredMillis()));
        });
    }
}
