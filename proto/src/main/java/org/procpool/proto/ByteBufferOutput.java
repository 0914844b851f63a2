package org.procpool.proto;

import java.nio.ByteBuffer;

/** Appends frames to a {@link ByteBuffer} that doubles when it is full. Not thread-safe. */
public final class ByteBufferOutput implements WireOutput {

    private final int keptBytesMax;
    private final boolean direct;
    private ByteBuffer buffer;

    /**
     * @param direct whether to use memory outside the heap, which saves a copy when it is written to a channel
     * @param initialBytes first capacity
     * @param keptBytesMax a buffer that grew beyond this is let go by {@link #clear}
     */
    public ByteBufferOutput(boolean direct, int initialBytes, int keptBytesMax) {
        this.direct = direct;
        this.keptBytesMax = keptBytesMax;
        this.buffer = allocate(initialBytes);
    }

    private ByteBuffer allocate(int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    /** Bytes that were appended since the last {@link #clear}. */
    public int size() {
        return buffer.position();
    }

    /** The appended bytes, ready to be read; valid until the next append or clear. */
    public ByteBuffer content() {
        return buffer.duplicate().flip();
    }

    /** Forgets what was appended. */
    public void clear() {
        if (buffer.capacity() > keptBytesMax) {
            buffer = allocate(keptBytesMax);
        }
        buffer.clear();
    }

    @Override
    public void writeByte(int value) {
        ensure(1);
        buffer.put((byte) value);
    }

    @Override
    public void writeVarint(long value) {
        ensure(Varint.ROOM_BYTES);
        buffer.position(Varint.put(buffer, buffer.position(), value));
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        ensure(length);
        buffer.put(bytes, offset, length);
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        ensure(source.remaining());
        buffer.put(source.duplicate());
    }

    private void ensure(int more) {
        if (buffer.remaining() >= more) {
            return;
        }
        long wanted = Math.max(2L * buffer.capacity(), (long) buffer.position() + more);
        ByteBuffer larger = allocate(Math.toIntExact(Math.min(wanted, Integer.MAX_VALUE - 8)));
        larger.put(buffer.flip());
        buffer = larger;
    }
}
