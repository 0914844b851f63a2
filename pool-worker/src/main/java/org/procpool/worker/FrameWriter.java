package org.procpool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.procpool.proto.FrameOutput;

/**
 * Appends frames to one fixed buffer in front of a blocking socket. What is larger than the buffer passes through it
 * in pieces, so memory stays the same for every size of result. Not thread-safe; its owner sees to that.
 */
final class FrameWriter implements FrameOutput {

    private final SocketChannel channel;
    private final ByteBuffer buffer;
    private int writes;

    FrameWriter(SocketChannel channel, int bufferBytes) {
        this.channel = channel;
        this.buffer = ByteBuffer.allocateDirect(bufferBytes);
    }

    @Override
    public int pendingBytes() {
        return buffer.position();
    }

    @Override
    public int writes() {
        return writes;
    }

    @Override
    public void publish() {
        // Nothing of this buffer outlives the process.
    }

    @Override
    public void flush() {
        buffer.flip();
        writes++;
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        buffer.clear();
    }

    @Override
    public void writeByte(int value) {
        if (!buffer.hasRemaining()) {
            flush();
        }
        buffer.put((byte) value);
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int piece = Math.min(buffer.remaining(), length - done);
            buffer.put(bytes, offset + done, piece);
            done += piece;
        }
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        ByteBuffer rest = source.duplicate();
        while (rest.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int piece = Math.min(buffer.remaining(), rest.remaining());
            buffer.put(rest.slice(rest.position(), piece));
            rest.position(rest.position() + piece);
        }
    }
}
