package org.procpool.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.procpool.PoolException;
import org.procpool.PoolOptions;
import org.procpool.PoolSnapshot;
import org.procpool.samples.SampleHandlers;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.task.Durations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code procpool serve}. */
@Command(
        name = "serve",
        description = "Runs the service until SIGTERM, Ctrl-C or 'procpool drain'.",
        footer = {
            "",
            "Prints one line to standard output when it is ready; its log goes to standard error, at the level of"
                    + " $PROCPOOL_LOG_LEVEL (default INFO).",
            "The first SIGTERM or Ctrl-C drains: no more tasks, those it has finish within --drain-timeout. The second"
                    + " ends everything at once. Either way no process is left.",
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
    private final GatewayFlags gatewayFlags = new GatewayFlags();

    ServeCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        ShutdownSignals signals = new ShutdownSignals(Thread.currentThread());
        signals.listen();
        try (PoolServer server = start()) {
            signals.started(server);
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

    private PoolServer start() {
        try {
            PoolOptions pool = programFlags.apply(poolFlags.apply(programFlags.bringTasks() ? List.of() : samples()));
            ServerOptions options = gatewayFlags.apply(pool);
            return PoolServer.start(options);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
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

    static Duration drainTimeout(PoolServer server) {
        return Duration.ofNanos(server.pool().options().drainTimeoutNanos());
    }
}
