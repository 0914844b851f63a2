package org.procpool.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.procpool.bench.floor.RelayOptions;

/**
 * What the machine itself allows: a socket between two processes, and the least that can stand between a client and its
 * workers. And how a service compares with that, measured by turns, so that both see the same machine.
 */
public final class Floors {

    /** Compiles what is measured. */
    private static final long FIRST_WARMUP_NANOS = 2_500_000_000L;
    /** Brings caches and windows back after the other's turn. */
    private static final long WARMUP_NANOS = 250_000_000L;

    private static final int WARMUP_WINDOW = 1000;
    private static final int LARGE_PAYLOAD_BYTES = 64 * 1024;

    private Floors() {}

    /**
     * What to measure.
     *
     * @param payloadBytes from 0
     * @param windows unfinished tasks, each from 1
     * @param slice length of one measurement
     * @param pairs how often, from 1
     */
    public record Plan(FloorTask task, int payloadBytes, List<Integer> windows, Duration slice, int pairs) {

        /** Checks the ranges. */
        public Plan {
            windows = List.copyOf(windows);
            if (pairs < 1 || pairs > 1000) {
                throw new IllegalArgumentException("pairs is " + pairs + ", allowed is 1 to 1000");
            }
            if (slice.isNegative() || slice.isZero()) {
                throw new IllegalArgumentException("seconds must be more than 0");
            }
        }

        int steps() {
            return windows.size() * pairs;
        }
    }

    /** The relay with one window. */
    public record AtWindow(int window, Spread perSec, Spread p50Micros) {}

    /** What {@link #measure} found; times in microseconds. */
    public record Report(Plan plan, RelayOptions relay, Spread tcpMicros, Spread unixMicros, List<AtWindow> windows) {

        public Report {
            windows = List.copyOf(windows);
        }
    }

    /** One window, service and relay side by side; ratios are service / relay, pair by pair. */
    public record SideBySide(
            int window,
            Spread servicePerSec,
            Spread relayPerSec,
            Spread rateRatio,
            Spread serviceMicros,
            Spread relayMicros,
            Spread p50Ratio) {}

    /** What {@link #compare} found. */
    public record Comparison(Plan plan, RelayOptions relay, List<SideBySide> windows) {

        public Comparison {
            windows = List.copyOf(windows);
        }
    }

    /**
     * The sockets and the relay by themselves.
     *
     * @param progress told the part that is done
     */
    public static Report measure(Plan plan, RelayOptions options, DoubleConsumer progress)
            throws BenchException, IOException {
        try (ScratchDirectory directory = ScratchDirectory.create("procpool-floor-")) {
            List<Double> tcp = new ArrayList<>();
            List<Double> unix = new ArrayList<>();
            pingPong(plan, directory.path(), tcp, unix);
            progress.accept(0.2);
            List<AtWindow> windows = new ArrayList<>();
            try (BareRelayRun relay = BareRelayRun.start(options, plan.task(), directory.path())) {
                warmUp(plan, relay);
                for (int window : plan.windows()) {
                    List<Speed> speeds = new ArrayList<>();
                    for (int i = 0; i < plan.pairs(); i++) {
                        speeds.add(relay.measure(
                                plan.payloadBytes(),
                                window,
                                WARMUP_NANOS,
                                plan.slice().toNanos()));
                        progress.accept(0.2 + 0.8 * (windows.size() * plan.pairs() + i + 1) / plan.steps());
                    }
                    windows.add(new AtWindow(
                            window, Spread.of(speeds, Speed::perSec), Spread.of(speeds, Speed::p50Micros)));
                }
            }
            return new Report(plan, options, Spread.of(tcp), Spread.of(unix), windows);
        }
    }

    private static void pingPong(Plan plan, Path directory, List<Double> tcp, List<Double> unix)
            throws BenchException, IOException {
        try (PingPong overTcp = PingPong.tcp();
                PingPong overUnix = PingPong.unix(directory)) {
            overTcp.measure(plan.payloadBytes(), FIRST_WARMUP_NANOS / 2, 1);
            overUnix.measure(plan.payloadBytes(), FIRST_WARMUP_NANOS / 2, 1);
            long nanos = plan.slice().toNanos();
            for (int i = 0; i < plan.pairs(); i++) {
                tcp.add(overTcp.measure(plan.payloadBytes(), WARMUP_NANOS, nanos)
                        .p50Micros());
                unix.add(overUnix.measure(plan.payloadBytes(), WARMUP_NANOS, nanos)
                        .p50Micros());
            }
        }
    }

    private static void warmUp(Plan plan, BareRelayRun relay) throws BenchException, IOException {
        relay.measure(plan.payloadBytes(), warmupWindow(plan), FIRST_WARMUP_NANOS, 1);
    }

    private static int warmupWindow(Plan plan) {
        return plan.payloadBytes() > LARGE_PAYLOAD_BYTES ? 1 : WARMUP_WINDOW;
    }

    /**
     * A service that runs, and a relay of its own beside it, by turns; who comes first alternates too.
     *
     * @param server the service; its tasks echo and reverse are used
     * @param progress told the part that is done
     */
    public static Comparison compare(Plan plan, InetSocketAddress server, RelayOptions options, DoubleConsumer progress)
            throws BenchException, IOException, InterruptedException {
        BenchOptions service =
                BenchOptions.defaults(server).withTask(plan.task().word()).withPayloadBytes(plan.payloadBytes());
        try (ScratchDirectory directory = ScratchDirectory.create("procpool-floor-");
                BareRelayRun relay = BareRelayRun.start(options, plan.task(), directory.path())) {
            warmUp(plan, relay);
            Bench.run(
                    service.withWindow(warmupWindow(plan))
                            .withWarmup(Duration.ofNanos(FIRST_WARMUP_NANOS))
                            .withDuration(Duration.ofMillis(1)),
                    ignored -> {});
            BenchOptions slice =
                    service.withWarmup(Duration.ofNanos(WARMUP_NANOS)).withDuration(plan.slice());
            List<SideBySide> windows = new ArrayList<>();
            for (int window : plan.windows()) {
                List<Speed> ours = new ArrayList<>();
                List<Speed> theirs = new ArrayList<>();
                for (int i = 0; i < plan.pairs(); i++) {
                    if (i % 2 == 0) {
                        ours.add(measure(slice.withWindow(window)));
                    }
                    theirs.add(relay.measure(
                            plan.payloadBytes(),
                            window,
                            WARMUP_NANOS,
                            plan.slice().toNanos()));
                    if (i % 2 == 1) {
                        ours.add(measure(slice.withWindow(window)));
                    }
                    progress.accept((windows.size() * plan.pairs() + i + 1.0) / plan.steps());
                }
                windows.add(sideBySide(window, ours, theirs));
            }
            return new Comparison(plan, options, windows);
        }
    }

    private static Speed measure(BenchOptions options) throws BenchException, InterruptedException {
        BenchResult result = Bench.run(options, ignored -> {});
        if (result.errors() > 0) {
            throw new BenchException("the service made errors: " + result.firstError());
        }
        return Speed.of(result);
    }

    private static SideBySide sideBySide(int window, List<Speed> ours, List<Speed> theirs) {
        List<Double> rates = new ArrayList<>();
        List<Double> delays = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            rates.add(ours.get(i).perSec() / theirs.get(i).perSec());
            delays.add(ours.get(i).p50Micros() / theirs.get(i).p50Micros());
        }
        return new SideBySide(
                window,
                Spread.of(ours, Speed::perSec),
                Spread.of(theirs, Speed::perSec),
                Spread.of(rates),
                Spread.of(ours, Speed::p50Micros),
                Spread.of(theirs, Speed::p50Micros),
                Spread.of(delays));
    }
}
