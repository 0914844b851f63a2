package org.procpool.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.procpool.bench.floor.FloorFrames;

/** One socket between this process and one that answers: what a hop costs. One thread. */
final class PingPong implements AutoCloseable {

    private final ChildJvm worker;
    private final SocketChannel channel;

    private PingPong(ChildJvm worker, SocketChannel channel) {
        this.worker = worker;
        this.channel = channel;
    }

    static PingPong tcp() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            PingPong pair = accept(listener, FloorFrames.tcp(port));
            pair.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return pair;
        }
    }

    /** @param directory for the socket file */
    static PingPong unix(Path directory) throws IOException {
        Path file = directory.resolve("ping");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(file));
            return accept(listener, FloorFrames.unix(file.toString()));
        }
    }

    private static PingPong accept(ServerSocketChannel listener, String address) throws IOException {
        ChildJvm worker = BareRelayRun.worker(address, FloorTask.ECHO);
        try {
            return new PingPong(worker, listener.accept());
        } catch (IOException e) {
            worker.close();
            throw e;
        }
    }

    Speed measure(int payloadBytes, long warmupNanos, long measuredNanos) throws BenchException, IOException {
        return new FloorLoad(channel, FloorTask.ECHO, payloadBytes, 1).run(warmupNanos, measuredNanos);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        worker.close();
    }
}
