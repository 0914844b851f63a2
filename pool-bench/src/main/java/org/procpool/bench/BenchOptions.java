package org.procpool.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What load to make.
 *
 * @param server where the service listens for clients
 * @param task name of the task; results of {@code echo} and {@code reverse} are checked byte for byte
 * @param payloadBytes of each task
 * @param window unfinished tasks of each connection, from 1
 * @param connections from 1
 * @param duration of the measured part, more than 0
 * @param warmup before it, not measured; may be 0
 * @param perSec rate of an open loop: tasks are due at fixed times and their latency counts from there. 0 = a closed
 *     loop: the next one is sent when a result comes
 * @param mixture instead of task and payload, if it has kinds
 */
public record BenchOptions(
        InetSocketAddress server,
        String task,
        int payloadBytes,
        int window,
        int connections,
        Duration duration,
        Duration warmup,
        double perSec,
        Mixture mixture) {

    private static final int PAYLOAD_BYTES_MAX = 1 << 30;
    private static final int WINDOW_MAX = 1 << 20;
    private static final int RATE_MAX = 100_000_000;
    private static final int CONNECTIONS_MAX = 10_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public BenchOptions {
        if (task.isEmpty()) {
            throw new IllegalArgumentException("task is empty; name one, for example echo");
        }
        inRange("payload", payloadBytes, 0, PAYLOAD_BYTES_MAX);
        inRange("window", window, 1, WINDOW_MAX);
        inRange("connections", connections, 1, CONNECTIONS_MAX);
        if (perSec < 0 || perSec > RATE_MAX) {
            throw new IllegalArgumentException("rate is " + perSec + ", allowed is up to " + RATE_MAX);
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("seconds must be more than 0");
        }
        if (warmup.isNegative()) {
            throw new IllegalArgumentException("the warm-up must not be negative");
        }
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + min + " to " + max);
        }
    }

    /** 100 bytes to echo, 64 at a time, on one connection, for 5 seconds after 2 to warm up. */
    public static BenchOptions defaults(InetSocketAddress server) {
        return new BenchOptions(
                server, "echo", 100, 64, 1, Duration.ofSeconds(5), Duration.ofSeconds(2), 0, Mixture.NONE);
    }

    public BenchOptions withServer(InetSocketAddress value) {
        return new BenchOptions(value, task, payloadBytes, window, connections, duration, warmup, perSec, mixture);
    }

    public BenchOptions withTask(String value) {
        return new BenchOptions(server, value, payloadBytes, window, connections, duration, warmup, perSec, mixture);
    }

    public BenchOptions withPayloadBytes(int value) {
        return new BenchOptions(server, task, value, window, connections, duration, warmup, perSec, mixture);
    }

    public BenchOptions withWindow(int value) {
        return new BenchOptions(server, task, payloadBytes, value, connections, duration, warmup, perSec, mixture);
    }

    public BenchOptions withConnections(int value) {
        return new BenchOptions(server, task, payloadBytes, window, value, duration, warmup, perSec, mixture);
    }

    public BenchOptions withDuration(Duration value) {
        return new BenchOptions(server, task, payloadBytes, window, connections, value, warmup, perSec, mixture);
    }

    public BenchOptions withWarmup(Duration value) {
        return new BenchOptions(server, task, payloadBytes, window, connections, duration, value, perSec, mixture);
    }

    public BenchOptions withPerSec(double value) {
        return new BenchOptions(server, task, payloadBytes, window, connections, duration, warmup, value, mixture);
    }

    public BenchOptions withMixture(Mixture value) {
        return new BenchOptions(server, task, payloadBytes, window, connections, duration, warmup, perSec, value);
    }

    List<String> taskNames() {
        return mixture.kinds().isEmpty()
                ? List.of(task)
                : mixture.kinds().stream().map(Mixture.Kind::task).toList();
    }

    /** The tasks, for people. */
    public String tasks() {
        return mixture.kinds().isEmpty()
                ? String.format(Locale.ROOT, "%s, %,d bytes", task, payloadBytes)
                : mixture.toString();
    }
}
