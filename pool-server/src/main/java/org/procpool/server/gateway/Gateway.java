package org.procpool.server.gateway;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolPort;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.NameCache;
import org.procpool.server.desk.TaskDesk;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.systemd.InheritedSockets;
import org.procpool.task.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for clients, knows all connections, and keeps the outcomes that nobody has fetched. Used on the pool's loop
 * only, but for {@link #start}, {@link #goAway}, {@link #finish} and {@link #close}.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    static final int RECEIVE_BYTES = 64 * 1024;
    static final int READS_PER_TURN_MAX = 4;
    private static final long LAST_BYTES_SECONDS = 2;

    /** Changes when the configuration is read again; a connection keeps those that it began with. */
    private GatewayOptions options;

    private final PoolPort pool;
    private final Gatekeeper gatekeeper;
    private final KeptResults kept;
    private final NameCache names = new NameCache();
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    /** Queries that wait for a task's end, by its id. */
    private final Map<Long, List<EndWait>> queries = new HashMap<>();

    private boolean sweeping;
    private boolean leaving;
    private @Nullable Channel listener;

    private Gateway(GatewayOptions options, PoolPort pool, Gatekeeper gatekeeper) {
        this.options = options;
        this.pool = pool;
        this.gatekeeper = gatekeeper;
        this.kept = new KeptResults(options.keptResultsMax(), options.keptResultBytesMax(), options.resultTtlNanos());
    }

    /**
     * Listens. Blocks; any thread but the loop.
     *
     * @throws IOException with a sentence for people if the address cannot be bound
     */
    public static Gateway start(GatewayOptions options, PoolPort pool, Gatekeeper gatekeeper) throws IOException {
        Gateway gateway = new Gateway(options, pool, gatekeeper);
        int unsentMax = (int) Math.min(Integer.MAX_VALUE, options.unsentBytesMax());
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(pool.eventLoop())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                // So that a client whose machine is gone does not count for ever.
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(unsentMax / 2, unsentMax))
                // Netty's default one takes a receive buffer of this size from the system, and gives it back, at every
                // read.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(READS_PER_TURN_MAX))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        gateway.connected(channel);
                    }
                });
        var bound =
                InheritedSockets.ofProcess().bind(bootstrap, options.listen()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + text(options.listen()) + " ("
                    + bound.cause().getMessage()
                    + "); is another procpool running there? Choose another address with --listen");
        }
        gateway.listener = bound.channel();
        return gateway;
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Where it listens, with the port that the system chose if none was given. */
    public InetSocketAddress address() {
        return listener == null ? options.listen() : (InetSocketAddress) listener.localAddress();
    }

    private void connected(Channel channel) {
        ClientConnection connection = new ClientConnection(channel, options, pool, this);
        gatekeeper.guard(channel, options.handshakeTimeoutNanos());
        long idleNanos = gatekeeper.options().idleTimeoutNanos();
        if (idleNanos > 0) {
            channel.pipeline().addLast(new IdleStateHandler(0, 0, idleNanos, TimeUnit.NANOSECONDS));
        }
        channel.pipeline().addLast(connection);
        if (connections.size() >= options.connectionsMax()) {
            connection.refuse(new ErrorFrame(
                    "TOO_MANY_CONNECTIONS",
                    "there are " + connections.size() + " connections, the limit; try again later"));
        } else if (!gatekeeper.addressLimit().enter(channel)) {
            connection.refuse(new ErrorFrame(
                    "TOO_MANY_CONNECTIONS", gatekeeper.addressLimit().refusal()));
        } else {
            connections.add(connection);
        }
    }

    void disconnected(ClientConnection connection) {
        connections.remove(connection);
    }

    /** For those who ask one by one. */
    public TaskDesk desk() {
        return new GatewayDesk(this, pool, options.payloadBytesMax());
    }

    Gatekeeper gatekeeper() {
        return gatekeeper;
    }

    /** Closes the connections of those whose tokens were withdrawn. Any thread. */
    public void recheck() {
        pool.eventLoop().execute(() -> {
            List.copyOf(connections).forEach(ClientConnection::recheck);
            pool.endTurn();
        });
    }

    boolean leaving() {
        return leaving;
    }

    // ---- outcomes of detached tasks, and those who ask for them

    /** A task ended: keeps its outcome if it is detached, and answers those who wait for it. */
    void ended(Outcome outcome, boolean detached) {
        if (detached) {
            kept.put(outcome, pool.nowNanos());
            sweepLater();
        }
        if (queries.isEmpty()) {
            return;
        }
        List<EndWait> waiting = queries.remove(outcome.taskId());
        if (waiting != null) {
            waiting.forEach(query -> query.answer(detached ? outcome : null));
        }
    }

    void flush() {
        pool.turn().flush();
    }

    /** Of tasks, as clients write them. */
    NameCache names() {
        return names;
    }

    @Nullable
    Outcome keptOutcome(long taskId) {
        return kept.get(taskId);
    }

    void waitForEnd(long taskId, EndWait query) {
        queries.computeIfAbsent(taskId, id -> new ArrayList<>()).add(query);
    }

    void waitNoMore(long taskId, EndWait query) {
        List<EndWait> waiting = queries.get(taskId);
        if (waiting != null && waiting.remove(query) && waiting.isEmpty()) {
            queries.remove(taskId);
        }
    }

    private void sweepLater() {
        if (sweeping) {
            return;
        }
        sweeping = true;
        // Half the time to live bounds how long one stays beyond it.
        pool.eventLoop()
                .schedule(
                        () -> {
                            sweeping = false;
                            kept.expire(System.nanoTime());
                            if (!kept.isEmpty()) {
                                sweepLater();
                            }
                        },
                        options.resultTtlNanos() / 2,
                        TimeUnit.NANOSECONDS);
    }

    /** Gives new connections these limits. Any thread. */
    public void reconfigure(GatewayOptions value) {
        pool.eventLoop().execute(() -> options = value);
    }

    // ---- shutting down

    /** Tells every client, once, to finish what it has here and to go elsewhere. Any thread. */
    public void goAway(String reason) {
        pool.eventLoop().execute(() -> {
            if (!leaving) {
                leaving = true;
                connections.forEach(connection -> connection.goAway(reason));
                pool.turn().flush();
            }
        });
    }

    /**
     * Closes every connection once its last bytes are out, or two seconds have passed. Any thread.
     *
     * @return completes when all are closed
     */
    public CompletableFuture<Void> finish() {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        pool.eventLoop().execute(() -> {
            pool.turn().flush();
            List<CompletableFuture<Void>> closings = new ArrayList<>();
            for (ClientConnection connection : List.copyOf(connections)) {
                closings.add(connection.closeAfterLastBytes());
            }
            CompletableFuture.allOf(closings.toArray(new CompletableFuture<?>[0]))
                    .completeOnTimeout(null, LAST_BYTES_SECONDS, TimeUnit.SECONDS)
                    .thenRun(() -> finished.complete(null));
        });
        return finished;
    }

    /** Stops listening and drops every connection. Any thread but the loop; waits. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        if (pool.eventLoop().isShuttingDown()) {
            return;
        }
        pool.eventLoop()
                .submit(() -> List.copyOf(connections).forEach(ClientConnection::drop))
                .awaitUninterruptibly();
        LOG.debug("gateway={} closed", text(options.listen()));
    }
}
