package org.procpool.bench;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * A load on a running service. A closed loop: every connection has a window of tasks out and sends the next one when a
 * result comes. Or an open loop: tasks are due at fixed times, whatever becomes of those before, and their latency
 * counts from when they were due; so a stall of the service shows in all tasks that it holds up.
 */
public final class Bench {

    private static final long PROGRESS_MILLIS = 1000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    private Bench() {}

    /**
     * Makes the load. Blocks for warm-up and duration, and up to ten seconds more for the last answers.
     *
     * @param progress told about once a second, on the calling thread
     * @throws BenchException if the service cannot be reached, or does not have the task
     * @throws InterruptedException if the thread was interrupted; the load has ended then
     */
    public static BenchResult run(BenchOptions options, Consumer<BenchProgress> progress)
            throws BenchException, InterruptedException {
        List<SocketChannel> channels = open(options);
        Schedule schedule = Schedule.of(options, System.nanoTime());
        List<LoadThread> threads = threads(options, schedule, channels);
        threads.forEach(Thread::start);
        try {
            watch(threads, schedule, progress);
        } finally {
            threads.forEach(Thread::interrupt);
        }
        Tally sum = new Tally(schedule.pieces());
        for (LoadThread thread : threads) {
            thread.join();
            sum.add(thread.tally());
        }
        return result(options, sum, Trace.of(sum, schedule.pieceNanos()));
    }

    private static List<SocketChannel> open(BenchOptions options) throws BenchException {
        Door door = new Door(options);
        List<SocketChannel> channels = new ArrayList<>();
        try {
            for (int i = 0; i < options.connections(); i++) {
                channels.add(door.open());
            }
            return channels;
        } catch (BenchException e) {
            channels.forEach(Bench::closeQuietly);
            throw e;
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The run has failed already, for a reason that says more.
            return;
        }
    }

    private static List<LoadThread> threads(BenchOptions options, Schedule schedule, List<SocketChannel> channels)
            throws BenchException {
        // The other processors are the service's, if it runs here.
        int count = Math.min(channels.size(), Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        Pace pace = options.perSec() == 0 ? null : new Pace(options.perSec(), channels.size(), schedule.start());
        List<LoadThread> threads = new ArrayList<>();
        try {
            for (int number = 0; number < count; number++) {
                int first = number;
                List<SocketChannel> share = IntStream.range(0, channels.size())
                        .filter(i -> i % count == first)
                        .mapToObj(channels::get)
                        .toList();
                threads.add(new LoadThread(number, count, options, schedule, pace, share));
            }
            return threads;
        } catch (IOException e) {
            channels.forEach(Bench::closeQuietly);
            throw new BenchException("cannot watch " + channels.size() + " connections (" + e.getMessage() + ")", e);
        }
    }

    private static void watch(List<LoadThread> threads, Schedule schedule, Consumer<BenchProgress> progress)
            throws InterruptedException {
        double total = (schedule.measureUntil() - schedule.start()) / NANOS_PER_SECOND;
        long toldNanos = schedule.start();
        long toldReceived = 0;
        for (LoadThread thread : threads) {
            while (thread.isAlive()) {
                thread.join(PROGRESS_MILLIS);
                long now = System.nanoTime();
                if (now - toldNanos < PROGRESS_MILLIS * 900_000) {
                    continue;
                }
                long received = threads.stream().mapToLong(LoadThread::received).sum();
                progress.accept(new BenchProgress(
                        now - schedule.measureFrom() < 0,
                        (now - schedule.start()) / NANOS_PER_SECOND,
                        total,
                        (received - toldReceived) * NANOS_PER_SECOND / (now - toldNanos)));
                toldNanos = now;
                toldReceived = received;
            }
        }
    }

    private static BenchResult result(BenchOptions options, Tally sum, Trace trace) {
        double seconds = options.duration().toNanos() / NANOS_PER_SECOND;
        Histogram latency = sum.latencyNanos;
        return new BenchResult(
                options,
                seconds,
                sum.completed,
                sum.completed / seconds,
                latency.getValueAtPercentile(50) / NANOS_PER_MICRO,
                latency.getValueAtPercentile(90) / NANOS_PER_MICRO,
                latency.getValueAtPercentile(99) / NANOS_PER_MICRO,
                latency.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
                latency.getMaxValue() / NANOS_PER_MICRO,
                sum.errorCount(),
                new TreeMap<>(sum.errors),
                sum.firstError,
                sum.workers.cardinality(),
                trace);
    }
}
