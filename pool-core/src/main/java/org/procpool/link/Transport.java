package org.procpool.link;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** What this machine's Netty does its I/O with: epoll where its native library loads, else the JDK's NIO. */
public enum Transport {
    EPOLL {
        @Override
        IoHandlerFactory io() {
            return EpollIoHandler.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> tcpServer() {
            return EpollServerSocketChannel.class;
        }

        @Override
        Class<? extends ServerChannel> unixServer() {
            return EpollServerDomainSocketChannel.class;
        }

        @Override
        SocketAddress unixAddress(Path path) {
            return new DomainSocketAddress(path.toString());
        }
    },
    NIO {
        @Override
        IoHandlerFactory io() {
            return NioIoHandler.newFactory();
        }

        @Override
        public Class<? extends ServerChannel> tcpServer() {
            return NioServerSocketChannel.class;
        }

        @Override
        Class<? extends ServerChannel> unixServer() {
            return NioServerDomainSocketChannel.class;
        }

        @Override
        SocketAddress unixAddress(Path path) {
            return UnixDomainSocketAddress.of(path);
        }
    };

    /** The best that works here; {@code -Dprocpool.transport=nio} asks for the other one. */
    public static Transport best() {
        return "nio".equals(System.getProperty("procpool.transport")) || !Epoll.isAvailable() ? NIO : EPOLL;
    }

    /** Event loops, as many as threads, named after their role. */
    public EventLoopGroup loops(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io());
    }

    abstract IoHandlerFactory io();

    public abstract Class<? extends ServerChannel> tcpServer();

    abstract Class<? extends ServerChannel> unixServer();

    abstract SocketAddress unixAddress(Path path);
}
