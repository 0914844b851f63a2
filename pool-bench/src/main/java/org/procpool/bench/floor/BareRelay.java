package org.procpool.bench.floor;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The least that can stand between a client and some workers, in a JVM of its own: one epoll loop that hands frames to
 * the workers in turn and what comes back to the client. No protocol but the length of a frame, no queue, no account of
 * anything. Prints the port for the client, and a line when all workers are there; ends with its standard input.
 */
public final class BareRelay {

    private final RelayOptions options;
    private final List<RelayPeer> workers = new ArrayList<>();
    private @Nullable RelayPeer client;
    /** The worker amid whose frame the client is; nobody else's bytes may go to it. */
    private @Nullable WorkerSide speaker;

    private final ArrayDeque<WorkerSide> waiting = new ArrayDeque<>();

    private BareRelay(RelayOptions options) {
        this.options = options;
    }

    /** First argument: path for the workers' socket; the others: {@link RelayOptions#words}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new BareRelay(RelayOptions.of(arguments, 1)).serve(arguments[0]);
        while (System.in.read() >= 0) {
            // Whoever started it says nothing and keeps the pipe open as long as it wants the relay.
        }
        System.exit(0);
    }

    private void serve(String path) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new ServerBootstrap()
                .group(group)
                .channel(EpollServerDomainSocketChannel.class)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(options.readBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new WorkerSide());
                        workers.add(new RelayPeer(channel, options));
                        if (workers.size() == options.workers()) {
                            System.out.println("complete");
                        }
                    }
                })
                .bind(new DomainSocketAddress(path))
                .sync();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(options.readBytes()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientSide());
                        client = new RelayPeer(channel, options);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) listener.localAddress()).getPort());
    }

    /** Hands out frames in turn; a large one goes on to its worker while it still comes in. */
    private final class ClientSide extends ChannelInboundHandlerAdapter {

        private final FrameEnds ends = new FrameEnds();
        private int next;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            int index = in.readerIndex();
            int end = in.writerIndex();
            while (index < end) {
                int length = ends.pass(in, index, end - index);
                workers.get(next).append(in, index, length);
                index += length;
                if (ends.isBetween()) {
                    next = next + 1 < workers.size() ? next + 1 : 0;
                }
            }
            in.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            for (int i = 0; i < workers.size(); i++) {
                workers.get(i).flush();
            }
        }
    }

    /** Passes on all that comes in one piece, unless another worker is amid a frame. */
    private final class WorkerSide extends ChannelInboundHandlerAdapter {

        private final FrameEnds ends = new FrameEnds();
        private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            if (speaker == null || speaker == this) {
                pass(in);
                passHeld();
            } else {
                if (held.isEmpty()) {
                    waiting.add(this);
                }
                held.add(in);
            }
        }

        private void pass(ByteBuf in) {
            int index = in.readerIndex();
            int end = in.writerIndex();
            while (index < end) {
                index += ends.pass(in, index, end - index);
            }
            RelayPeer to = client;
            if (to != null) {
                to.append(in, in.readerIndex(), in.readableBytes());
            }
            in.release();
            speaker = ends.isBetween() ? null : this;
        }

        private void passHeld() {
            while (speaker == null && !waiting.isEmpty()) {
                WorkerSide first = waiting.remove();
                while (!first.held.isEmpty()) {
                    first.pass(first.held.remove());
                }
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            RelayPeer to = client;
            if (to != null) {
                to.flush();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            RelayPeer to = client;
            if (to != null) {
                to.close();
            }
        }
    }
}
