package org.procpool.link;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.HelloFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where workers connect. Each expected worker has a one-time token; a connection that does not know one, or comes from
 * another process than the one launched for it, is closed. Used on the loop only, but for {@link #bind} and {@link
 * #close}.
 */
public final class WorkerServer {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerServer.class);
    static final int RECEIVE_BYTES = 64 * 1024;
    private static final int READS_PER_TURN_MAX = 4;

    private final Turn turn;
    private final int payloadBytesMax;
    private final long helloTimeoutNanos;
    private final long writeTimeoutNanos;
    private final Map<String, Expected> expected = new HashMap<>();
    private @Nullable Channel listener;

    /** A worker that has been launched and has not both its sockets yet. */
    private static final class Expected {

        final WorkerLink link;
        /** 0 until the process is known. */
        long pid;

        Expected(WorkerLink link) {
            this.link = link;
        }
    }

    /**
     * Not listening yet.
     *
     * @param helloTimeoutNanos how long a connection may be silent; a worker loads its handlers before it speaks
     * @param writeTimeoutNanos how long a worker may take nothing of what is sent to it
     */
    public WorkerServer(Turn turn, int payloadBytesMax, long helloTimeoutNanos, long writeTimeoutNanos) {
        this.turn = turn;
        this.payloadBytesMax = payloadBytesMax;
        this.helloTimeoutNanos = helloTimeoutNanos;
        this.writeTimeoutNanos = writeTimeoutNanos;
    }

    /**
     * Listens. Blocks; not on the loop.
     *
     * @throws IOException if the path cannot be bound
     */
    public void bind(Transport transport, EventLoop loop, Path socket) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(transport.unixServer())
                // Netty's default one takes a receive buffer of this size from the system, and gives it back, at every
                // read.
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(READS_PER_TURN_MAX))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new WorkerHandler(WorkerServer.this, channel, turn, helloTimeoutNanos));
                    }
                });
        var bound = bootstrap.bind(transport.unixAddress(socket)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen for workers on " + socket + ": "
                    + bound.cause().getMessage());
        }
        listener = bound.channel();
    }

    /**
     * Prepares for a worker.
     *
     * @param token in hexadecimal digits; the worker will present its bytes on both its sockets
     */
    public WorkerLink expect(String token, LinkEvents events) {
        WorkerLink link = new WorkerLink(events, turn, payloadBytesMax, writeTimeoutNanos);
        expected.put(token, new Expected(link));
        return link;
    }

    /** Names the process that was launched for the token. */
    public void launched(String token, long pid) {
        Expected worker = expected.get(token);
        if (worker != null) {
            worker.pid = pid;
        }
    }

    /** Forgets the token, if it was not spent. */
    public void forget(String token) {
        expected.remove(token);
    }

    /** The link that the Hello belongs to; null if it is not one of ours. */
    @Nullable
    WorkerLink admit(Channel channel, WorkerHandler handler, HelloFrame hello) {
        Map.Entry<String, Expected> entry = find(hello.token());
        if (entry == null) {
            LOG.warn("a connection to the worker socket presented no valid token and was closed");
            return null;
        }
        Expected worker = entry.getValue();
        if (!comesFrom(channel, hello, worker)) {
            LOG.warn(
                    "a connection to the worker socket comes from pid {}, not from the worker launched as pid {};"
                            + " it was closed",
                    peerPid(channel, hello),
                    worker.pid);
            return null;
        }
        if (!worker.link.attach(channel, handler, hello)) {
            return null;
        }
        worker.link.events().connected(peerPid(channel, hello));
        if (worker.link.complete()) {
            expected.remove(entry.getKey());
        }
        return worker.link;
    }

    private Map.@Nullable Entry<String, Expected> find(byte[] token) {
        Map.Entry<String, Expected> found = null;
        for (Map.Entry<String, Expected> entry : expected.entrySet()) {
            // Constant time, so that a token cannot be guessed byte by byte.
            if (MessageDigest.isEqual(HexFormat.of().parseHex(entry.getKey()), token)) {
                found = entry;
            }
        }
        return found;
    }

    private static boolean comesFrom(Channel channel, HelloFrame hello, Expected worker) {
        long pid = peerPid(channel, hello);
        // The worker may be quicker than the news of its launch; its token then speaks for it.
        return worker.pid == 0 || pid == worker.pid || descendsFrom(pid, worker.pid);
    }

    /** As the kernel knows it; where it does not tell, as the worker says. */
    private static long peerPid(Channel channel, HelloFrame hello) {
        if (channel instanceof EpollDomainSocketChannel epoll) {
            try {
                PeerCredentials credentials = epoll.peerCredentials();
                return credentials.pid();
            } catch (IOException e) {
                LOG.debug("no peer credentials: {}", e.toString());
            }
        }
        return hello.pid();
    }

    /** A sandbox prefix forks, so the JVM may be a child of what was launched. Rare: it may look into /proc. */
    private static boolean descendsFrom(long pid, long ancestor) {
        ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        while (handle != null && handle.pid() != ancestor) {
            handle = handle.parent().orElse(null);
        }
        return handle != null;
    }

    /** Stops listening; connections stay. Any thread; waits. */
    public void close() {
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
    }
}
