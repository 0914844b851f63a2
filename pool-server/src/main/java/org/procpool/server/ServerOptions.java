package org.procpool.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.procpool.PoolOptions;
import org.procpool.server.gateway.GatewayOptions;
import org.procpool.server.security.SecurityOptions;

/**
 * What the service is to be. Immutable; made from {@link #defaults()} with the {@code with…} methods. Times in
 * nanoseconds, sizes in bytes.
 *
 * @param listen for clients
 * @param admin for the admin HTTP
 * @param security who is let in
 * @param connectionsMax clients at a time
 * @param windowTasks unfinished attached tasks of one connection before it is read no further
 * @param windowBytes the same for their payloads
 * @param unsentBytesMax results that a client has not taken before nothing more is started for it
 * @param handshakeTimeoutNanos from connecting to Hello, and for a frame that has begun to go on
 * @param slowClientTimeoutNanos how long a client may leave more than that unsent
 * @param keptResultsMax outcomes of detached tasks that are kept
 * @param keptResultBytesMax their payloads and errors
 * @param resultTtlNanos how long each is kept
 */
public record ServerOptions(
        PoolOptions pool,
        InetSocketAddress listen,
        InetSocketAddress admin,
        SecurityOptions security,
        int connectionsMax,
        int windowTasks,
        long windowBytes,
        long unsentBytesMax,
        long handshakeTimeoutNanos,
        long slowClientTimeoutNanos,
        int keptResultsMax,
        long keptResultBytesMax,
        long resultTtlNanos) {

    public static final int PORT_DEFAULT = 7420;
    public static final int ADMIN_PORT_DEFAULT = 7421;

    public static ServerOptions defaults() {
        return new ServerOptions(
                PoolOptions.defaults(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT_DEFAULT),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), ADMIN_PORT_DEFAULT),
                SecurityOptions.defaults(),
                4096,
                16_384,
                64L << 20,
                8L << 20,
                TimeUnit.SECONDS.toNanos(10),
                TimeUnit.SECONDS.toNanos(30),
                10_000,
                64L << 20,
                TimeUnit.MINUTES.toNanos(15));
    }

    /** The gateway's share, checked. */
    GatewayOptions gateway() {
        return new GatewayOptions(
                listen,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos,
                pool.payloadBytesMax());
    }

    /** These options, but for those of the other that can change while a service runs. */
    public ServerOptions withLiveOf(ServerOptions other) {
        PoolOptions live = pool.withWorkers(other.pool.workers())
                .withQueueTasksMax(other.pool.queueTasksMax())
                .withQueueBytesMax(other.pool.queueBytesMax())
                .withClients(other.pool.clients())
                .withRunTimeoutNanos(other.pool.runTimeoutNanos())
                .withGraceNanos(other.pool.graceNanos())
                .withDrainTimeoutNanos(other.pool.drainTimeoutNanos());
        return withPool(live)
                .withConnectionsMax(other.connectionsMax)
                .withWindowTasks(other.windowTasks)
                .withWindowBytes(other.windowBytes)
                .withHandshakeTimeoutNanos(other.handshakeTimeoutNanos)
                .withSlowClientTimeoutNanos(other.slowClientTimeoutNanos);
    }

    /** Whether a service that runs with these can go on with the others. */
    public boolean canBecome(ServerOptions other) {
        return withLiveOf(other).equals(other);
    }

    public ServerOptions withPool(PoolOptions value) {
        return new ServerOptions(
                value,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withListen(InetSocketAddress value) {
        return new ServerOptions(
                pool,
                value,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withAdmin(InetSocketAddress value) {
        return new ServerOptions(
                pool,
                listen,
                value,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withSecurity(SecurityOptions value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                value,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withConnectionsMax(int value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                value,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withWindowTasks(int value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                value,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withWindowBytes(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                value,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withUnsentBytesMax(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                value,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withHandshakeTimeoutNanos(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                value,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withSlowClientTimeoutNanos(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                value,
                keptResultsMax,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withKeptResultsMax(int value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                value,
                keptResultBytesMax,
                resultTtlNanos);
    }

    public ServerOptions withKeptResultBytesMax(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                value,
                resultTtlNanos);
    }

    public ServerOptions withResultTtlNanos(long value) {
        return new ServerOptions(
                pool,
                listen,
                admin,
                security,
                connectionsMax,
                windowTasks,
                windowBytes,
                unsentBytesMax,
                handshakeTimeoutNanos,
                slowClientTimeoutNanos,
                keptResultsMax,
                keptResultBytesMax,
                value);
    }
}
