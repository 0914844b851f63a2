package org.procpool.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.NameCache;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.Wire;

/** Answers every task on the spot, one thread a connection. */
final class FakeService implements AutoCloseable {

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Function<SubmitFrame, @Nullable Frame> answer;
    private final List<String> taskNames;

    /** @param answer null = close the connection */
    FakeService(List<String> taskNames, Function<SubmitFrame, @Nullable Frame> answer) throws IOException {
        this.taskNames = taskNames;
        this.answer = answer;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    static Frame succeeded(SubmitFrame submit, Payload payload) {
        int worker = (int) (submit.correlation() % 2) + 1;
        return new ResultFrame(
                submit.correlation(), 1, OutcomeKind.SUCCEEDED, worker, 100 + worker, 1, 0, 0, null, payload);
    }

    static Frame ended(SubmitFrame submit, OutcomeKind kind, String sentence) {
        return new ResultFrame(
                submit.correlation(), 1, kind, 0, 0, 0, 0, 0, TaskError.of("REASON", sentence), Payload.EMPTY);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private static void start(Runnable body) {
        Thread thread = new Thread(body, "fake-service");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the test is over.
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
            while (true) {
                if (in.available() == 0) {
                    out.flush();
                }
                ByteBufferInput frame = new ByteBufferInput(frame(in));
                Frame reply = Wire.enterMessage(frame, Wire.CLIENT_KIND_MAX) == ClientHelloFrame.KIND
                        ? new ServerWelcomeFrame(1, "fake", 1000, 1 << 20, 1 << 20, taskNames)
                        : answer.apply(SubmitFrame.read(frame, new NameCache()));
                if (reply == null) {
                    return;
                }
                ByteBufferOutput bytes = new ByteBufferOutput(false, 256, 1 << 16);
                reply.write(bytes);
                byte[] copy = new byte[bytes.size()];
                bytes.content().get(copy);
                out.write(copy);
            }
        } catch (IOException e) {
            // The client has gone, which is how each run ends.
            return;
        }
    }

    private static ByteBuffer frame(InputStream in) throws IOException {
        int length = 0;
        int b;
        int shift = 0;
        do {
            b = in.read();
            if (b < 0) {
                throw new IOException("end");
            }
            length |= (b & 0x7F) << shift;
            shift += 7;
        } while (b >= 0x80);
        return ByteBuffer.wrap(in.readNBytes(length));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
