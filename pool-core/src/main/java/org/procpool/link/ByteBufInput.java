package org.procpool.link;

import io.netty.buffer.ByteBuf;
import org.procpool.proto.WireException;
import org.procpool.proto.WireInput;

/**
 * Reads frames from a received Netty buffer, whose own reader index stays where it is. Used on the loop only.
 */
public final class ByteBufInput implements WireInput {

    private final ByteBuf buffer;
    private int position;
    private int limit;

    public ByteBufInput(ByteBuf buffer) {
        this.buffer = buffer;
        this.position = buffer.readerIndex();
        this.limit = buffer.writerIndex();
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public void position(int value) {
        position = value;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public int limit(int newLimit) {
        int before = limit;
        limit = newLimit;
        return before;
    }

    @Override
    public byte readByte() {
        if (position >= limit) {
            throw new WireException(WireException.Reason.TRUNCATED, "a field runs past the end of its message");
        }
        return buffer.getByte(position++);
    }

    @Override
    public long peekWord() {
        return buffer.getLongLE(position);
    }

    @Override
    public byte[] readBytes(int length) {
        if (length > remaining()) {
            throw new WireException(
                    WireException.Reason.TRUNCATED, "a field needs " + length + " bytes, " + remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        buffer.getBytes(position, bytes);
        position += length;
        return bytes;
    }
}
