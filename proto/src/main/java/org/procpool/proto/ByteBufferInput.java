package org.procpool.proto;

import static org.procpool.proto.WireException.Reason.TRUNCATED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads frames from a {@link ByteBuffer}; moves its position and limit. */
public final class ByteBufferInput implements WireInput {

    private ByteBuffer buffer;

    public ByteBufferInput(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** Goes on with another buffer, so that one input serves a connection for its life. */
    public void wrap(ByteBuffer other) {
        buffer = other;
    }

    @Override
    public int position() {
        return buffer.position();
    }

    @Override
    public void position(int position) {
        buffer.position(position);
    }

    @Override
    public int limit() {
        return buffer.limit();
    }

    @Override
    public int limit(int limit) {
        int before = buffer.limit();
        buffer.limit(limit);
        return before;
    }

    @Override
    public byte readByte() {
        if (!buffer.hasRemaining()) {
            throw new WireException(TRUNCATED, "a field runs past the end of its message");
        }
        return buffer.get();
    }

    @Override
    public long peekWord() {
        long word = buffer.getLong(buffer.position());
        return buffer.order() == ByteOrder.LITTLE_ENDIAN ? word : Long.reverseBytes(word);
    }

    @Override
    public byte[] readBytes(int length) {
        if (length > buffer.remaining()) {
            throw new WireException(
                    TRUNCATED, "a field needs " + length + " bytes, " + buffer.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
