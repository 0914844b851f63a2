package org.procpool.worker;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.procpool.proto.BootFailedFrame;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.PongFrame;
import org.procpool.proto.ThreadDumpFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerProgressFrame;
import org.procpool.proto.WorkerResultFrame;

/** One socket to a worker, as its supervisor holds it; blocking. */
final class WorkerLink implements AutoCloseable {

    private final SocketChannel channel;
    private final InputStream in;

    WorkerLink(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    }

    /** Sends all frames in one write. */
    void send(Frame... frames) throws IOException {
        ByteBufferOutput out = new ByteBufferOutput(false, 1024, 1024);
        for (Frame frame : frames) {
            frame.write(out);
        }
        send(out.content());
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Waits for bytes and gives what is there; nothing at the end of the stream. */
    ByteBuffer receive() throws IOException {
        byte[] bytes = new byte[1 << 16];
        return ByteBuffer.wrap(bytes, 0, Math.max(0, in.read(bytes)));
    }

    /** Waits for the next frame of the worker. */
    Frame read() throws IOException {
        byte[] frame = in.readNBytes(readLength());
        return decode(new ByteBufferInput(ByteBuffer.wrap(frame)));
    }

    /** Reads the one message of a frame that the input is narrowed to. */
    static Frame decode(ByteBufferInput input) {
        int kind = Wire.enterMessage(input, Wire.WORKER_KIND_MAX);
        return switch (kind) {
            case HelloFrame.KIND -> HelloFrame.read(input);
            case WorkerResultFrame.KIND -> WorkerResultFrame.read(input);
            case WorkerProgressFrame.KIND -> WorkerProgressFrame.read(input);
            case PongFrame.KIND -> PongFrame.read(input);
            case BootFailedFrame.KIND -> BootFailedFrame.read(input);
            case ThreadDumpFrame.KIND -> ThreadDumpFrame.read(input);
            default -> EmptyFrame.READY;
        };
    }

    private int readLength() throws IOException {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the worker closed its socket");
            }
            length |= (next & 0x7F) << shift;
            if (next < 0x80) {
                return length;
            }
        }
    }

    WorkerResultFrame readResult() throws IOException {
        Frame frame = read();
        while (frame instanceof WorkerProgressFrame) {
            frame = read();
        }
        return (WorkerResultFrame) frame;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
