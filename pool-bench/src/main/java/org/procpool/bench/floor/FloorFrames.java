package org.procpool.bench.floor;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What the processes of a floor say to each other: length of the payload (4 bytes), number (8 bytes), payload. */
public final class FloorFrames {

    /** Bytes before the payload. */
    public static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    private static final String UNIX = "unix:";
    private static final String TCP = "tcp:";

    private FloorFrames() {}

    /** How a worker is told to connect to that socket file. */
    public static String unix(String path) {
        return UNIX + path;
    }

    /** How a worker is told to connect to that port of this machine. */
    public static String tcp(int port) {
        return TCP + port;
    }

    /** A blocking connection to where one of the two above says. */
    public static SocketChannel connect(String address) throws IOException {
        if (address.startsWith(UNIX)) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(address.substring(UNIX.length())));
            return channel;
        }
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(TCP.length()))));
        return channel;
    }

    /** Writes all of it; waits while the peer does not read. */
    public static void writeFully(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * Reads what there is, at least one byte.
     *
     * @throws EOFException if the peer is gone
     */
    public static void read(SocketChannel channel, ByteBuffer into) throws IOException {
        if (channel.read(into) < 0) {
            throw new EOFException("the other side closed the connection");
        }
    }

    /** As {@link ByteBuffer#compact}, which copies what is at the front already onto itself. */
    public static ByteBuffer compact(ByteBuffer buffer) {
        return buffer.position() == 0 ? buffer.position(buffer.limit()).limit(buffer.capacity()) : buffer.compact();
    }

    /** The buffer, ready to be read into, or a larger one with the same content if a frame of that size needs it. */
    public static ByteBuffer compacted(ByteBuffer buffer, int frameBytes) {
        if (frameBytes <= buffer.capacity()) {
            return compact(buffer);
        }
        return ByteBuffer.allocateDirect(Math.max(frameBytes, 2 * buffer.capacity()))
                .put(buffer);
    }
}
