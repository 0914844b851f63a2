package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerPongFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.proto.Wire;

/** A client on a plain socket that sends what a test wants, be it right or wrong. One thread. */
final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private long acceptedNext;
    private int acceptedLeft;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    // ---- out

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(Frame frame) throws IOException {
        send(bytes(frame));
    }

    static byte[] bytes(Frame frame) {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 1 << 20);
        frame.write(out);
        ByteBuffer content = out.content();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    ServerWelcomeFrame hello() throws IOException {
        return hello(OnDisconnect.CANCEL_QUEUED);
    }

    ServerWelcomeFrame hello(OnDisconnect onDisconnect) throws IOException {
        send(ClientHelloFrame.of("raw", onDisconnect));
        return (ServerWelcomeFrame) next();
    }

    static SubmitFrame task(long correlation, String task, Payload payload) {
        return new SubmitFrame(correlation, task, SubmitFrame.PRIORITY_DEFAULT, 0, 0, 1, false, payload);
    }

    void submit(long correlation, String task, Object payload) throws IOException {
        send(task(correlation, task, Payload.of(payload.toString())));
    }

    // ---- in

    /** The next frame; EOFException if there is none. */
    Frame next() throws IOException {
        byte[] frame = in.readNBytes(length());
        ByteBufferInput input = new ByteBufferInput(ByteBuffer.wrap(frame));
        int kind = Wire.enterMessage(input, Wire.SERVER_KIND_MAX);
        return switch (kind) {
            case ServerWelcomeFrame.KIND -> ServerWelcomeFrame.read(input);
            case AcceptedFrame.KIND -> AcceptedFrame.read(input);
            case ResultFrame.KIND -> ResultFrame.read(input);
            case ProgressFrame.KIND -> ProgressFrame.read(input);
            case TaskStatusFrame.KIND -> TaskStatusFrame.read(input);
            case ServerPongFrame.KIND -> ServerPongFrame.read(input);
            case GoAwayFrame.KIND -> GoAwayFrame.read(input);
            case ErrorFrame.KIND -> ErrorFrame.read(input);
            default -> throw new IOException("a frame of kind " + kind);
        };
    }

    private int length() throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the service closed the connection");
            }
            length |= (b & 0x7F) << shift;
            if (b < 0x80) {
                return length;
            }
        }
    }

    /** The next frame of that kind; others before it are passed over. */
    <T extends Frame> T next(Class<T> kind) throws IOException {
        Frame frame = next();
        while (!kind.isInstance(frame)) {
            frame = next();
        }
        return kind.cast(frame);
    }

    /** The result of that task, the others' passed over. */
    ResultFrame result(long correlation) throws IOException {
        ResultFrame result = next(ResultFrame.class);
        while (result.correlation() != correlation) {
            result = next(ResultFrame.class);
        }
        return result;
    }

    /** Id of the next accepted task; one frame may tell of several. */
    long accepted() throws IOException {
        if (acceptedLeft == 0) {
            AcceptedFrame frame = next(AcceptedFrame.class);
            acceptedNext = frame.taskId();
            acceptedLeft = frame.more() + 1;
        }
        acceptedLeft--;
        return acceptedNext++;
    }

    /** Whatever was said before: the last is an Error with that code, then the end. */
    ErrorFrame assertRefused(String code) throws IOException {
        ErrorFrame error = next(ErrorFrame.class);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.message()).as("a sentence").hasSizeGreaterThan(10).doesNotContain("Exception");
        assertEnd();
        return error;
    }

    /** Nothing comes any more. */
    void assertEnd() throws IOException {
        try {
            assertThat(in.read()).isEqualTo(-1);
        } catch (IOException e) {
            // What we had sent and nobody read makes the end a reset.
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** Ends the connection in the rudest way: with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
