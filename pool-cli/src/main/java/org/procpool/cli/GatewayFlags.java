package org.procpool.cli;

import static org.procpool.cli.PoolFlags.nanos;
import static org.procpool.cli.PoolFlags.with;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolOptions;
import org.procpool.server.ServerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code serve} about clients. What is not given keeps the server's default. */
final class GatewayFlags {

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "Where clients connect; default 127.0.0.1:7420, port 0 lets the system choose.")
    private @Nullable InetSocketAddress listen;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            converter = Addresses.class,
            description = "The admin HTTP; default 127.0.0.1:7421.")
    private @Nullable InetSocketAddress admin;

    @Option(names = "--max-connections", paramLabel = "N", description = "Clients at a time; default 4096.")
    private @Nullable Integer maxConnections;

    @Option(names = "--window", paramLabel = "N", description = "Unfinished tasks of one connection; default 16384.")
    private @Nullable Integer window;

    @Option(
            names = "--window-bytes",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "The same in payload bytes; default 64m.")
    private @Nullable Long windowBytes;

    @Option(
            names = "--unsent-bytes",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "Results that a client has not taken before nothing more is started for it; default 8m.")
    private @Nullable Long unsentBytes;

    @Option(
            names = "--handshake-timeout",
            paramLabel = "D",
            description = "From connecting to the first frame; default 10s.")
    private @Nullable Duration handshakeTimeout;

    @Option(
            names = "--slow-client-timeout",
            paramLabel = "D",
            description = "How long a client may leave more than that unsent; default 30s.")
    private @Nullable Duration slowClientTimeout;

    @Option(
            names = "--result-ttl",
            paramLabel = "D",
            description = "How long outcomes of detached tasks are kept; default 15m.")
    private @Nullable Duration resultTtl;

    @Option(names = "--kept-results", paramLabel = "N", description = "How many are kept; default 10000.")
    private @Nullable Integer keptResults;

    @Option(
            names = "--kept-result-bytes",
            paramLabel = "SIZE",
            converter = SizeReader.class,
            description = "How many bytes of them are kept; default 64m.")
    private @Nullable Long keptResultBytes;

    @Mixin
    private final SecurityFlags securityFlags = new SecurityFlags();

    ServerOptions apply(PoolOptions pool) {
        ServerOptions options = ServerOptions.defaults().withPool(pool).withSecurity(securityFlags.apply());
        options = with(options, listen, ServerOptions::withListen);
        options = with(options, admin, ServerOptions::withAdmin);
        options = with(options, maxConnections, ServerOptions::withConnectionsMax);
        options = with(options, window, ServerOptions::withWindowTasks);
        options = with(options, windowBytes, ServerOptions::withWindowBytes);
        options = with(options, unsentBytes, ServerOptions::withUnsentBytesMax);
        options = with(options, nanos(handshakeTimeout), ServerOptions::withHandshakeTimeoutNanos);
        options = with(options, nanos(slowClientTimeout), ServerOptions::withSlowClientTimeoutNanos);
        options = with(options, nanos(resultTtl), ServerOptions::withResultTtlNanos);
        options = with(options, keptResults, ServerOptions::withKeptResultsMax);
        return with(options, keptResultBytes, ServerOptions::withKeptResultBytesMax);
    }
}
