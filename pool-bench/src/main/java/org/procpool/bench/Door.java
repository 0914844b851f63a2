package org.procpool.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;

/** Opens connections to the service: connects, says Hello, reads Welcome. Blocks. */
final class Door {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int WELCOME_BYTES_MAX = 1 << 20;

    private final BenchOptions options;

    Door(BenchOptions options) {
        this.options = options;
    }

    /** A connection that has been welcomed, in non-blocking mode. */
    SocketChannel open() throws BenchException {
        InetSocketAddress server = options.server();
        String name = server.getHostString() + ":" + server.getPort();
        try {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.socket().connect(server, TIMEOUT_MILLIS);
                channel.socket().setSoTimeout(TIMEOUT_MILLIS);
                greet(channel);
                channel.configureBlocking(false);
                return channel;
            } catch (IOException | BenchException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | WireException e) {
            throw new BenchException(
                    "cannot reach a procpool service at " + name + " (" + e.getMessage()
                            + "); is it running there? Name another with --server",
                    e);
        }
    }

    private void greet(SocketChannel channel) throws IOException, BenchException {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 256);
        ClientHelloFrame.of("procpool-bench", OnDisconnect.CANCEL_ALL).write(out);
        ByteBuffer hello = out.content();
        while (hello.hasRemaining()) {
            channel.write(hello);
        }
        ByteBufferInput in = new ByteBufferInput(frame(channel.socket().getInputStream()));
        int kind = Wire.enterMessage(in, Wire.SERVER_KIND_MAX);
        if (kind == ErrorFrame.KIND) {
            throw new BenchException(
                    "the service refused the connection: " + ErrorFrame.read(in).message());
        }
        if (kind != ServerWelcomeFrame.KIND) {
            throw new BenchException("the service did not answer Hello with Welcome");
        }
        check(ServerWelcomeFrame.read(in));
    }

    private void check(ServerWelcomeFrame welcome) throws BenchException {
        List<String> names = welcome.taskNames();
        // None are known before the first worker is ready.
        for (String task : options.taskNames()) {
            if (!names.isEmpty() && !names.contains(task)) {
                throw new BenchException(
                        "the service knows no task '" + task + "'; it has " + String.join(", ", names));
            }
        }
        if (options.payloadBytes() > welcome.payloadBytesMax()) {
            throw new BenchException("payload is " + options.payloadBytes() + " bytes, the service takes "
                    + welcome.payloadBytesMax() + " at most");
        }
    }

    private static ByteBuffer frame(InputStream in) throws IOException {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("it closed the connection");
            }
            length |= (b & 0x7F) << shift;
            if (b < 0x80) {
                break;
            }
        }
        if (length > WELCOME_BYTES_MAX) {
            throw new IOException("it does not speak procpool's protocol");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("it closed the connection");
        }
        return ByteBuffer.wrap(bytes);
    }
}
