package org.procpool.client;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.NameCache;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.Wire;
import org.procpool.proto.WireInput;

/** The server's end of one connection, in a test. */
final class Peer {

    static final long FIRST_ID = 1_000;
    static final int PAYLOAD_BYTES_MAX = 1 << 20;

    private final Socket socket;
    private final DataInputStream in;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** The next frame of the client, whatever it is; EOFException when it is gone. */
    Frame read() throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(5);
        int length = Wire.INCOMPLETE;
        while (length == Wire.INCOMPLETE) {
            prefix.put(in.readByte());
            length = Wire.frameLength(new ByteBufferInput(prefix.duplicate().flip()), Integer.MAX_VALUE);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        WireInput message = new ByteBufferInput(ByteBuffer.wrap(bytes));
        return switch (Wire.enterMessage(message, Wire.CLIENT_KIND_MAX)) {
            case ClientHelloFrame.KIND -> ClientHelloFrame.read(message);
            case SubmitFrame.KIND -> SubmitFrame.read(message, new NameCache());
            case ClientCancelFrame.KIND -> ClientCancelFrame.read(message);
            case QueryFrame.KIND -> QueryFrame.read(message);
            default -> ClientPingFrame.read(message);
        };
    }

    <T extends Frame> T read(Class<T> kind) throws IOException {
        Frame frame = read();
        if (!kind.isInstance(frame)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", the client sent " + frame);
        }
        return kind.cast(frame);
    }

    SubmitFrame readSubmit() throws IOException {
        return read(SubmitFrame.class);
    }

    /** Reads until the client closes. */
    void readToEnd() throws IOException {
        while (true) {
            read();
        }
    }

    void welcome() throws IOException {
        welcome(1_000, 1 << 24);
    }

    void welcome(int windowTasks, long windowBytes) throws IOException {
        read(ClientHelloFrame.class);
        send(welcomeFrame(windowTasks, windowBytes));
    }

    static ServerWelcomeFrame welcomeFrame(int windowTasks, long windowBytes) {
        return new ServerWelcomeFrame(1, "fake/1", windowTasks, windowBytes, PAYLOAD_BYTES_MAX, List.of("echo"));
    }

    void accept(SubmitFrame submit) throws IOException {
        send(new AcceptedFrame(submit.correlation(), FIRST_ID + submit.correlation(), 0));
    }

    void succeed(SubmitFrame submit) throws IOException {
        send(result(submit, OutcomeKind.SUCCEEDED, null));
    }

    static ResultFrame result(SubmitFrame submit, OutcomeKind outcome, @Nullable TaskError error) {
        Payload payload = outcome == OutcomeKind.SUCCEEDED ? submit.payload() : Payload.EMPTY;
        long taskId = outcome == OutcomeKind.REJECTED ? 0 : FIRST_ID + submit.correlation();
        return new ResultFrame(submit.correlation(), taskId, outcome, 2, 4321, 1, 15, 80, error, payload);
    }

    /** Accepts and answers each task with its own payload until the client closes. */
    void echo() throws IOException {
        while (true) {
            if (read() instanceof SubmitFrame submit) {
                accept(submit);
                succeed(submit);
            }
        }
    }

    void send(Frame... frames) throws IOException {
        sendBytes(bytes(frames));
    }

    static byte[] bytes(Frame... frames) {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 1 << 20);
        for (Frame frame : frames) {
            frame.write(out);
        }
        byte[] bytes = new byte[out.size()];
        out.content().get(bytes);
        return bytes;
    }

    void sendBytes(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Each byte in a packet of its own. */
    void trickle(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            socket.getOutputStream().write(b);
            socket.getOutputStream().flush();
        }
    }
}
