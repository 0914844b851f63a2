package org.procpool.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.bench.BenchOptions;
import org.procpool.bench.FloorReport;
import org.procpool.bench.Floors;
import org.procpool.bench.floor.RelayOptions;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool bench}. */
@Command(
        name = "bench",
        description = "Measures rate and latency of a service, its own or with --server one that runs; or what a crash"
                + " costs (--crash), or how fast workers boot (--boot).",
        footer = {
            "",
            "Closed loop: every connection has --window tasks out and sends the next one when a result comes. Open loop"
                    + " (--rate, --ramp): tasks are due at fixed times, whatever becomes of those before.",
            "--crash: a pool of one worker and one spare; from the SIGKILL of the busy worker to the outcome of the task"
                    + " behind. Every tenth time the spare is killed too, while the next one boots; told apart.",
            "--flood: a polite client's tasks alone, then while N tasks of another wait; p50, p99 and their ratio.",
            "--storm: the processor time of a pool whose workers are all killed by their tasks, again and again, how"
                    + " long it takes to answer meanwhile, and how it recovers.",
            "--boot: from launch to ready and the memory then, of workers with and without an archive of their classes"
                    + " and of Node's child_process.fork if there is a node, by turns.",
            "Exit code: 0 all results were right, 1 some were not, 2 usage, 6 the server cannot be reached or does not"
                    + " have the task.",
            "",
            "Examples:",
            "  procpool bench",
            "  procpool bench --workers 2 --window 1",
            "  procpool bench --server 127.0.0.1:7420 --connections 4 --payload 1m --seconds 10 --json",
            "  procpool bench --rate 20000 --connections 50 --seconds 30 --html report.html",
            "  procpool bench --ramp --p99 5ms --mix 'echo:100*90,echo:64k*9,sleep:20ms*1'",
            "  procpool bench --runs 5 --save before.json",
            "  procpool bench --with-floors --workers 2",
            "  procpool bench floors",
            "  procpool bench --library --workers 2",
            "  procpool bench --slow-among 20",
            "  procpool bench --flood 1000000",
            "  procpool bench --crash --rounds 100",
            "  procpool bench --storm --workers 8",
            "  procpool bench --boot --worker-java /opt/jdk-25/bin/java"
        })
final class BenchCommand extends CliCommand {

    @Mixin
    private final LoadFlags load = new LoadFlags();

    @Mixin
    private final PaceFlags pace = new PaceFlags();

    @Option(
            names = "--with-floors",
            description = "Measures the service and a bare relay by turns, and how they compare.")
    private boolean withFloors;

    @Mixin
    private final RelayFlags relayFlags = new RelayFlags();

    @Mixin
    private final EmbeddedBench embedded = new EmbeddedBench();

    @Mixin
    private final FloodMode flood = new FloodMode();

    @Mixin
    private final StormMode storm = new StormMode();

    @Mixin
    private final ProcessBench processes = new ProcessBench();

    @Option(names = "--json", description = "Prints one line of JSON in the end instead of the table.")
    private boolean json;

    BenchCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (processes.chosen()) {
            if (load.given() || pace.given()) {
                throw CliException.usage("--crash and --boot go with --rounds, --worker-java and --json only");
            }
            return processes.run(console, json);
        }
        processes.refuseRest();
        if (relayFlags.given() && !withFloors) {
            throw CliException.usage("--pairs, --windows and the relay's options are for --with-floors");
        }
        if (flood.chosen()) {
            if (pace.given() || withFloors || embedded.chosen()) {
                throw CliException.usage("--flood goes with --workers, --window, --seconds, --warmup and --json only");
            }
            return flood.run(console, load, json);
        }
        flood.refuseRest();
        if (storm.chosen()) {
            if (pace.given() || withFloors || embedded.chosen()) {
                throw CliException.usage("--storm goes with --workers, --seconds and --json only");
            }
            return storm.run(console, load, json);
        }
        if (pace.given() && (withFloors || embedded.chosen())) {
            throw CliException.usage("--rate, --ramp, --mix, --save and --html are for a service by itself");
        }
        if (withFloors) {
            return besideFloors();
        }
        if (embedded.chosen()) {
            return embedded.run(console, load, json);
        }
        embedded.refuseRest();
        InetSocketAddress running = load.server;
        if (running != null) {
            if (load.workers != null) {
                throw CliException.usage("--workers is for a service of its own, not for that of --server");
            }
            return pace.measure(console, pace.apply(load.options(running), load), load.runsOr(1), json);
        }
        BenchOptions checked =
                pace.apply(load.options(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), load);
        ServerOptions service =
                BenchService.options(PoolFlags.with(BenchService.pool(), load.workers, PoolOptions::withWorkers));
        try (PoolServer own = PoolServer.startPrivate(service, new PoolListener() {})) {
            return pace.measure(console, checked.withServer(own.address()), load.runsOr(1), json);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private int besideFloors() throws IOException {
        if (load.window != null || load.connections != null || load.runs != null) {
            throw CliException.usage("--with-floors has --windows and --pairs, and one connection");
        }
        Floors.Plan plan = relayFlags.plan(load.task, load.payload, load.seconds);
        RelayOptions relay = relayFlags.relay(load.workers);
        InetSocketAddress running = load.server;
        console.print(Measuring.run(console, progress -> {
            if (running != null) {
                return floorReport(Floors.compare(plan, running, relay, progress));
            }
            try (BenchService own = BenchService.start(relay.workers())) {
                return floorReport(Floors.compare(plan, own.address(), relay, progress));
            }
        }));
        return ExitCode.OK;
    }

    private String floorReport(Floors.Comparison comparison) {
        return json ? FloorReport.json(comparison) : FloorReport.text(comparison);
    }
}
