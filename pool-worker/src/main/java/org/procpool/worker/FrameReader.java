package org.procpool.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.Wire;
import org.procpool.proto.WireInput;

/**
 * Cuts what a socket delivers into messages. One buffer takes as many frames as are there; it grows for a large frame
 * and shrinks when that is through. Owned by the thread that reads the socket.
 */
final class FrameReader {

    /** What {@link #next} answers when no whole frame is there. */
    static final int NONE = 0;

    private static final int KEPT_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final int kindMax;
    private int frameBytesMax = Wire.ENVELOPE_BYTES_MAX;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(KEPT_BYTES);
    private final ByteBufferInput input;
    private int frameEnd;
    private int filled;
    private int wantedBytes;

    /** How many bytes went through the buffer before those that are in it. */
    private long dropped;

    /**
     * Reads from a blocking channel.
     *
     * @param kindMax highest message of the supervisor that this socket may bring
     */
    FrameReader(SocketChannel channel, int kindMax) {
        this.channel = channel;
        this.kindMax = kindMax;
        this.input = new ByteBufferInput(buffer);
    }

    /** From now on frames with a payload of that many bytes may come. */
    void payloadBytesMax(int payloadBytesMax) {
        frameBytesMax = (int) Math.min((long) payloadBytesMax + Wire.ENVELOPE_BYTES_MAX, Integer.MAX_VALUE - 64);
    }

    /**
     * Steps to the next message that is already here.
     *
     * @return its kind, with {@link #input} narrowed to it; {@link #NONE} if more bytes are needed
     * @throws org.procpool.proto.WireException if the bytes are not a frame of the protocol
     */
    int next() {
        buffer.limit(filled).position(frameEnd);
        int length = Wire.frameLength(input, frameBytesMax);
        if (length == Wire.INCOMPLETE || length > buffer.remaining()) {
            wantedBytes = length == Wire.INCOMPLETE ? 0 : buffer.position() - frameEnd + length;
            return NONE;
        }
        frameEnd = buffer.position() + length;
        buffer.limit(frameEnd);
        return Wire.enterMessage(input, kindMax);
    }

    /** The message that {@link #next} stepped to. */
    WireInput input() {
        return input;
    }

    /** Whether bytes are here behind the current message; they need not be a whole frame. */
    boolean hasMore() {
        return filled > frameEnd;
    }

    /** Up to the end of the current message, in bytes since the socket was opened. */
    long position() {
        return dropped + frameEnd;
    }

    /**
     * Waits for more bytes, after {@link #next} found none.
     *
     * @return false at the end of the stream
     */
    boolean fill() throws IOException {
        buffer.limit(filled).position(frameEnd);
        int capacity = Math.max(KEPT_BYTES, wantedBytes);
        if (buffer.capacity() < capacity || buffer.capacity() > KEPT_BYTES && capacity == KEPT_BYTES) {
            ByteBuffer other = ByteBuffer.allocateDirect(capacity);
            buffer = other.put(buffer);
            input.wrap(buffer);
        } else {
            buffer.compact();
        }
        dropped += frameEnd;
        frameEnd = 0;
        int count = channel.read(buffer);
        filled = buffer.position();
        return count >= 0;
    }
}
