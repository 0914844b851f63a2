package org.procpool.bench;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.procpool.task.Sizes;

/** How a service behaves when something about it grows, or when it has nothing to do. Each step is one of its own. */
public final class ServiceSweep {

    private static final List<Integer> PAYLOADS =
            List.of(1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20);
    private static final int PAYLOAD_WINDOW = 4;
    /** Of all that are out, so that the client holds no more than this twice. */
    private static final int PAYLOAD_BYTES_OUT_MAX = 256 << 20;

    private static final int WINDOW = 1000;
    private static final Duration WARMUP = Duration.ofSeconds(2);
    private static final int IDLE_SETTLE_MILLIS = 5000;
    /** A JVM still compiles in the first one what it has run at its start. */
    private static final List<String> IDLE_SPANS = List.of(" after its start", " after that");

    private static final int SOAK_STEPS = 10;
    private static final double MIB = 1 << 20;

    private ServiceSweep() {}

    /** Starts a service with the sample tasks; a process of its own. */
    public interface Starter {

        /** With so many workers. */
        Service start(int workers) throws BenchException, IOException;
    }

    /** A running service. */
    public interface Service extends AutoCloseable {

        /** For clients, without a task or a load. */
        BenchOptions options();

        long pid();

        /** Collects garbage and says what is left. */
        Memory memory() throws BenchException, IOException;

        @Override
        void close();
    }

    /**
     * What a program holds.
     *
     * @param heapBytes used after a collection
     * @param directBytes that Netty has taken from the system
     */
    public record Memory(long heapBytes, long directBytes) {

        /** Of this process, after a collection. */
        public static Memory collected() {
            System.gc();
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        }
    }

    /**
     * Payloads from 1 KiB to 256 MiB, echoed, {@value #PAYLOAD_WINDOW} at a time, the largest alone.
     *
     * @param progress told the part that is done
     */
    public static String payloads(Starter starter, int workers, Duration duration, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        Lines text = new Lines();
        text.line("echo, %d in flight (256m: 1), %s", PAYLOAD_WINDOW, Lines.plural(workers, "worker"));
        text.line(
                "  %8s %12s %12s %12s %18s %18s",
                "payload", "tasks/s", "MB/s", "p99", "supervisor, peak", "a worker, peak");
        for (int i = 0; i < PAYLOADS.size(); i++) {
            int bytes = PAYLOADS.get(i);
            try (Service service = starter.start(workers)) {
                BenchResult result = run(service.options()
                        .withPayloadBytes(bytes)
                        .withWindow(Math.min(PAYLOAD_WINDOW, PAYLOAD_BYTES_OUT_MAX / bytes))
                        .withWarmup(WARMUP)
                        .withDuration(duration));
                text.line(
                        "  %8s %,12.1f %,12.0f %12s %14.0f MiB %14.0f MiB",
                        Sizes.format(bytes),
                        result.perSec(),
                        result.perSec() * bytes / 1e6,
                        HtmlReport.micros(result.p99Micros()),
                        ProcessStat.of(service.pid()).residentPeakKib() / 1024.0,
                        ProcessStat.largestChildPeakKib(service.pid()) / 1024.0);
            }
            progress.accept((i + 1.0) / PAYLOADS.size());
        }
        return text.toString();
    }

    /**
     * The same load for a long time, in {@value #SOAK_STEPS} steps: whether anything grows.
     *
     * @param step of each
     */
    public static String soak(Starter starter, int workers, Duration step, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        Lines text = new Lines();
        text.line(
                "echo, 100 bytes, window %,d, %s, %d s a step",
                WINDOW, Lines.plural(workers, "worker"), step.toSeconds());
        text.line("  %4s %12s %12s %16s %16s %16s", "step", "tasks/s", "p99", "heap, collected", "direct", "resident");
        try (Service service = starter.start(workers)) {
            for (int i = 0; i < SOAK_STEPS; i++) {
                BenchResult result = run(service.options()
                        .withWindow(WINDOW)
                        .withWarmup(i == 0 ? WARMUP : Duration.ZERO)
                        .withDuration(step));
                Memory memory = service.memory();
                text.line(
                        "  %4d %,12.0f %12s %12.1f MiB %12.1f MiB %12.1f MiB",
                        i + 1,
                        result.perSec(),
                        HtmlReport.micros(result.p99Micros()),
                        memory.heapBytes() / MIB,
                        memory.directBytes() / MIB,
                        ProcessStat.of(service.pid()).residentKib() / 1024.0);
                progress.accept((i + 1.0) / SOAK_STEPS);
            }
        }
        return text.toString();
    }

    private static BenchResult run(BenchOptions options) throws BenchException, InterruptedException {
        BenchResult result = Bench.run(options, ignored -> {});
        if (result.errors() > 0) {
            throw new BenchException("the service made errors: " + result.firstError());
        }
        return result;
    }

    /** Processor time of a service and its workers when there is nothing to do. */
    public static String idle(Starter starter, int workers, Duration duration, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        try (Service service = starter.start(workers)) {
            Pause.millis(IDLE_SETTLE_MILLIS);
            Lines text = new Lines();
            for (int span = 0; span < IDLE_SPANS.size(); span++) {
                long before = ProcessStat.familyCpuMillis(service.pid());
                long from = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    Pause.until(from + duration.toNanos() / 10 * (i + 1));
                    progress.accept((10 * span + i + 1) / (10.0 * IDLE_SPANS.size()));
                }
                double millis = (System.nanoTime() - from) / 1e6;
                double used = ProcessStat.familyCpuMillis(service.pid()) - before;
                text.line(
                        "idle for %.0f s%s, %s: %.0f ms of processor time, %.2f %% of a core",
                        millis / 1e3, IDLE_SPANS.get(span), Lines.plural(workers, "worker"), used, 100 * used / millis);
            }
            return text.toString();
        }
    }
}
