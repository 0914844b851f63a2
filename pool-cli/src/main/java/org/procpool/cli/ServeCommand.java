package org.procpool.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolException;
import org.procpool.PoolOptions;
import org.procpool.PoolSnapshot;
import org.procpool.cli.doctor.Doctor;
import org.procpool.samples.SampleHandlers;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.server.systemd.Notifier;
import org.procpool.task.Durations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code procpool serve}. */
@Command(
        name = "serve",
        description = "Runs the service until SIGTERM, Ctrl-C or 'procpool drain'.",
        footer = {
            "",
            "Prints one line to standard output when it is ready; its log goes to standard error.",
            "The first SIGTERM or Ctrl-C drains: no more tasks, those it has finish within --drain-timeout. The second"
                    + " ends everything at once. Either way no process is left. SIGHUP reads the file of settings again.",
            "Each option can stand in a file (workers: 4) and in a variable (PROCPOOL_WORKERS=4); a flag wins over a"
                    + " variable, a variable over the file. 'procpool config example' prints a file to begin with.",
            "Exit code: 0 after a shutdown, 1 it could not start or broke, 2 usage.",
            "",
            "Examples:",
            "  procpool serve",
            "  procpool serve --workers 4 --handlers my-handlers.jar --run-timeout 30s",
            "  procpool serve --exec checksum=sha256sum --exec upper='tr a-z A-Z'",
            "  procpool serve --worker-command 'python3 examples/python/procpool_worker.py'",
            "  procpool serve --listen 127.0.0.1:0 --admin 127.0.0.1:0 --queue-limit 1000"
        })
final class ServeCommand extends CliCommand {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    @Mixin
    private final PoolFlags poolFlags = new PoolFlags();

    @Mixin
    private final ProgramFlags programFlags = new ProgramFlags();

    @Mixin
    private final SpoolFlags spoolFlags = new SpoolFlags();

    @Mixin
    private final GatewayFlags gatewayFlags = new GatewayFlags();

    @Mixin
    private final LogFlags logFlags = new LogFlags();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Where settings are that are given neither as a flag nor as a variable; default"
                    + " $PROCPOOL_CONFIG, else " + ServeConfig.INSTALLED + " if it is there.")
    @SuppressWarnings("UnusedVariable") // read before picocli begins, since the others depend on it
    private @Nullable Path file;

    private ServeConfig config = ServeConfig.none();

    ServeCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        config.check();
        beginLog(console);
        config.warnings().forEach(LOG::warn);
        ShutdownSignals signals = new ShutdownSignals(Thread.currentThread());
        signals.listen();
        try (PoolServer server = start();
                Notifier notifier = server.tellSystemd(System.getenv(), ServicePulse::of)) {
            signals.started(server);
            complain();
            reloadable(server, notifier);
            if (poolFlags.servesSamples() && !programFlags.bringTasks()) {
                LOG.info("serving the sample tasks; --handlers serves yours");
            }
            console.print(readyLine(server));
            console.flush();
            Futures.join(server.terminated());
        } catch (PoolException e) {
            if (signals.count() == 0) {
                throw e;
            }
            // Told to stop before it was ready: it did.
            LOG.info("{}", e.getMessage());
        }
        return ExitCode.OK;
    }

    void beginLog(Console to) {
        logFlags.apply(to);
    }

    private void reloadable(PoolServer server, Notifier notifier) {
        ServeReload reload = new ServeReload(config, server, notifier, console);
        server.reloadBy(reload::reload);
        // A thread of its own, since the JVM's must not wait for a file.
        Signals.on("HUP", () -> new Thread(reload::reload, "procpool-reload").start());
    }

    /** Of what this machine lacks, before somebody looks for it in the wrong place. */
    private void complain() {
        String complaint = Doctor.ofThisMachine(options()).complaint();
        if (complaint != null) {
            LOG.warn(complaint);
        }
    }

    private PoolServer start() {
        try {
            return PoolServer.start(options());
        } catch (IllegalArgumentException e) {
            config.blame();
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Where settings come from that are not given as flags. */
    void configuredBy(ServeConfig value) {
        config = value;
    }

    /**
     * What the service is to be.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    ServerOptions options() {
        PoolOptions pool = programFlags.apply(poolFlags.apply(programFlags.bringTasks() ? List.of() : samples()));
        return gatewayFlags.apply(spoolFlags.apply(pool));
    }

    /** Class path of the sample handlers. */
    static List<Path> samples() {
        try {
            return List.of(Path.of(SampleHandlers.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the sample handlers are on no file system", e);
        }
    }

    private String readyLine(PoolServer server) {
        PoolSnapshot snapshot = server.pool().snapshot();
        String workers = snapshot.workers().stream()
                .map(worker -> worker.id().slot() + " (pid " + worker.pid() + ")")
                .collect(Collectors.joining(", "));
        Path token = server.pool()
                .options()
                .runDirectory()
                .resolve("admin-" + server.adminAddress().getPort() + ".token");
        return "procpool ready: clients " + Addresses.format(server.address()) + ", admin "
                + (server.tls() ? "https://" : "http://") + Addresses.format(server.adminAddress()) + ", workers "
                + workers + ", admin token " + token
                + ", drain-timeout "
                + Durations.format(server.pool().options().drainTimeoutNanos());
    }
}
