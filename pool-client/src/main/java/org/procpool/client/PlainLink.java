package org.procpool.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** TCP as it is. */
final class PlainLink implements Link {

    private final SocketChannel channel;

    private PlainLink(SocketChannel channel) {
        this.channel = channel;
    }

    /** @throws SocketTimeoutException if that takes longer */
    static PlainLink connect(InetSocketAddress address, int timeoutMillis) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, timeoutMillis);
            return new PlainLink(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Socket socket() {
        return channel.socket();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (socket().getSoTimeout() == 0) {
            return channel.read(into);
        }
        // Only the stream heeds the time-out.
        return read(socket(), into);
    }

    /** Reads once from a socket's stream into a buffer on the heap. */
    static int read(Socket socket, ByteBuffer into) throws IOException {
        int read = socket.getInputStream().read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        into.position(into.position() + Math.max(0, read));
        return read;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public boolean shutdownOutput() {
        try {
            channel.shutdownOutput();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is lost: all that matters was read or written before.
            return;
        }
    }
}
