package org.procpool.client;

import java.nio.ByteBuffer;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.Wire;
import org.procpool.proto.WireInput;

/** Cuts what the server sends into frames. Owned by the thread that reads the connection. */
final class ServerFrames {

    private static final int BUFFER_BYTES = 256 * 1024;

    /** Takes one message; the input is narrowed to it. */
    interface Sink {
        void onFrame(int kind, WireInput in);
    }

    private final ByteBufferInput in;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private int frameBytesMax;

    /** @param frameBytesMax largest frame to accept, in bytes */
    ServerFrames(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
        this.in = new ByteBufferInput(buffer);
    }

    void frameBytesMax(int bytes) {
        frameBytesMax = bytes;
    }

    /** Where to put the bytes that come next; has room. */
    ByteBuffer room() {
        if (!buffer.hasRemaining()) {
            // Doubles as the bytes come, and not because a prefix says so.
            resize((int) Math.min(2L * buffer.capacity(), Integer.MAX_VALUE - 8));
        } else if (buffer.position() == 0 && buffer.capacity() > 4 * BUFFER_BYTES) {
            resize(BUFFER_BYTES);
        }
        return buffer;
    }

    /** Whether part of a frame has come. */
    boolean hasPart() {
        return buffer.position() > 0;
    }

    private void resize(int bytes) {
        buffer = ByteBuffer.allocate(bytes).put(buffer.flip());
        in.wrap(buffer);
    }

    /**
     * Hands out the next complete frame, if there is one.
     *
     * @throws org.procpool.proto.WireException if the bytes are not of the protocol
     */
    boolean next(Sink sink) {
        buffer.flip();
        try {
            return cut(sink);
        } finally {
            buffer.compact();
        }
    }

    /** Hands out all complete frames. */
    void all(Sink sink) {
        buffer.flip();
        try {
            boolean more = cut(sink);
            while (more) {
                more = cut(sink);
            }
        } finally {
            buffer.compact();
        }
    }

    private boolean cut(Sink sink) {
        int start = in.position();
        int length = Wire.frameLength(in, frameBytesMax);
        if (length == Wire.INCOMPLETE || length > in.remaining()) {
            in.position(start);
            return false;
        }
        int end = in.position() + length;
        int received = in.limit(end);
        try {
            int kind = Wire.enterMessage(in, Wire.SERVER_KIND_MAX);
            sink.onFrame(kind, in);
        } finally {
            in.limit(received);
            in.position(end);
        }
        return true;
    }
}
