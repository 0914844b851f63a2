package org.procpool.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleConsumer;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.task.Outcome;

/** What a waiting task costs in memory, and whether a long queue slows a pool down. */
public final class QueueSweep {

    private static final List<Integer> DEPTHS = List.of(1_000, 100_000, 1_000_000);
    private static final int PAYLOAD_BYTES = 100;
    private static final int SETTLE_MILLIS = 300;
    private static final int END_MINUTES = 5;
    private static final String HOLD = "10m";

    private QueueSweep() {}

    /**
     * Fills the queue behind a task that takes long, looks at the heap, and lets it run empty.
     *
     * @param options of the pool, with the handlers {@code sleep} and {@code echo}
     * @param progress told the part that is done
     */
    public static String run(PoolOptions options, DoubleConsumer progress) throws BenchException, InterruptedException {
        Lines text = new Lines();
        text.line("%d bytes each, queued behind one task that takes long, one worker", PAYLOAD_BYTES);
        text.line("  %10s %16s %22s %14s", "queued", "enqueued/s", "heap a queued task", "then tasks/s");
        int deepest = DEPTHS.get(DEPTHS.size() - 1);
        PoolOptions deep = options.withWorkers(1).withQueueTasksMax(deepest + 1).withQueueBytesMax(1L << 30);
        try (ProcessPool pool = ProcessPool.builder().options(deep).build()) {
            byte[] payload = Workload.letters(PAYLOAD_BYTES);
            fill(pool, payload, DEPTHS.get(1)).forEach(CompletableFuture::join);
            for (int i = 0; i < DEPTHS.size(); i++) {
                int depth = DEPTHS.get(i);
                CompletableFuture<Outcome> hold = pool.submit("sleep", HOLD);
                long heapBefore = settledHeap();
                long from = System.nanoTime();
                List<CompletableFuture<Outcome>> queued = fill(pool, payload, depth);
                long enqueued = System.nanoTime();
                double perTask = (settledHeap() - heapBefore) / (double) depth;
                long released = System.nanoTime();
                hold.cancel(true);
                for (CompletableFuture<Outcome> outcome : queued) {
                    await(outcome);
                }
                text.line(
                        "  %,10d %,16.0f %,16.0f bytes %,14.0f",
                        depth, depth * 1e9 / (enqueued - from), perTask, depth * 1e9 / (System.nanoTime() - released));
                progress.accept((i + 1.0) / DEPTHS.size());
            }
        }
        text.line("  heap: of the pool, the caller's future and nothing else; the payload is shared");
        return text.toString();
    }

    private static List<CompletableFuture<Outcome>> fill(ProcessPool pool, byte[] payload, int count) {
        List<CompletableFuture<Outcome>> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(pool.submit("echo", payload));
        }
        return all;
    }

    private static long settledHeap() throws InterruptedException {
        System.gc();
        Pause.millis(SETTLE_MILLIS);
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void await(CompletableFuture<Outcome> task) throws BenchException, InterruptedException {
        try {
            if (!task.get(END_MINUTES, TimeUnit.MINUTES).succeeded()) {
                throw new BenchException("a task did not succeed: " + task.join());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("a task has no outcome", e);
        }
    }
}
