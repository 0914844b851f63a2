package org.procpool.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.procpool.link.Transport;
import org.procpool.process.RunDirectory;
import org.procpool.server.desk.TaskDesk;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.systemd.InheritedSockets;

/** The admin HTTP: a listener, a loop of its own, and the token that actions need. Safe for use by any thread. */
public final class AdminServer implements AutoCloseable {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_SECONDS_MAX = 2;
    private static final long LAST_WORDS_MILLIS = 500;

    private final EventLoopGroup loop;
    private final PoolWatch watch;
    private final AdminApi api;
    private final Acceptor acceptor;
    private final InetSocketAddress address;
    private final TokenFile tokenFile;

    private AdminServer(
            EventLoopGroup loop,
            PoolWatch watch,
            AdminApi api,
            Acceptor acceptor,
            InetSocketAddress address,
            TokenFile tokenFile) {
        this.loop = loop;
        this.watch = watch;
        this.api = api;
        this.acceptor = acceptor;
        this.address = address;
        this.tokenFile = tokenFile;
    }

    /**
     * Listens, and writes the token for actions to {@code admin-PORT.token}, readable by this user only. Blocks.
     *
     * @param address with port 0 for any that is free
     * @param desk where tasks are handed in
     * @param runDirectoryBase where the token is written; made if it is not there
     * @param gatekeeper who is let in
     * @throws IOException with a sentence for people if the address cannot be bound or the token not be written
     */
    public static AdminServer start(
            InetSocketAddress address,
            AdminBackend backend,
            TaskDesk desk,
            Path runDirectoryBase,
            Gatekeeper gatekeeper)
            throws IOException {
        return start(address, backend, desk, runDirectoryBase, gatekeeper, TIMEOUT_NANOS);
    }

    /** @param timeoutNanos how long a connection may take for a request, or stay silent */
    static AdminServer start(
            InetSocketAddress address,
            AdminBackend backend,
            TaskDesk desk,
            Path runDirectoryBase,
            Gatekeeper gatekeeper,
            long timeoutNanos)
            throws IOException {
        RunDirectory.prepareBase(runDirectoryBase);
        AdminToken token = AdminToken.random();
        EventLoopGroup loop = Transport.best().loops(1, "procpool-admin");
        PoolWatch watch = new PoolWatch(backend, loop.next());
        Access access = new Access(token, gatekeeper);
        AdminApi api = new AdminApi(backend, new TaskApi(desk, access), access, watch);
        Acceptor acceptor = new Acceptor(api, gatekeeper, timeoutNanos);
        try {
            Channel listener = bind(address, loop, acceptor);
            acceptor.opened(listener);
            InetSocketAddress bound = (InetSocketAddress) listener.localAddress();
            TokenFile tokenFile = TokenFile.write(token, runDirectoryBase, bound.getPort());
            loop.execute(watch::start);
            return new AdminServer(loop, watch, api, acceptor, bound, tokenFile);
        } catch (IOException | RuntimeException e) {
            stop(acceptor, loop);
            throw e;
        }
    }

    private static Channel bind(InetSocketAddress address, EventLoopGroup loop, Acceptor acceptor) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(acceptor);
        var bound = InheritedSockets.ofProcess().bind(bootstrap, address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + " for the admin HTTP ("
                            + bound.cause().getMessage()
                            + "); is another procpool running there? Choose another address with --admin",
                    bound.cause());
        }
        return bound.channel();
    }

    /** Where it listens, with the port that the system chose if none was given. */
    public InetSocketAddress address() {
        return address;
    }

    /** Answers, or closes, those who wait or watch with a token that was withdrawn. Any thread. */
    public void recheck() {
        if (!loop.isShuttingDown()) {
            loop.execute(api::recheck);
        }
    }

    /**
     * Lets everybody who waits for a task have the answer, two seconds at most. To be called when the pool has ended;
     * any thread.
     *
     * @return completes when all answers are written
     */
    public CompletableFuture<Void> finish() {
        return CompletableFuture.completedFuture(null)
                .thenComposeAsync(now -> api.tasks().finish(), loop)
                .completeOnTimeout(null, STOP_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** Stops listening, drops the connections and removes the token. Waits for it, two seconds at most. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        tokenFile.close();
        CompletableFuture.completedFuture(null)
                .thenComposeAsync(now -> watch.finish(), loop)
                .completeOnTimeout(null, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)
                .join();
        stop(acceptor, loop);
    }

    private static void stop(Acceptor acceptor, EventLoopGroup loop) {
        // A loop that stops at once may leave its channels open, and the port taken.
        acceptor.close();
        loop.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
