package org.procpool.link;

import io.netty.buffer.ByteBuf;
import org.procpool.proto.WireException;
import org.procpool.proto.WireInput;

/** Reads frames from a received Netty buffer. Used on the loop only. */
public final class ByteBufInput implements WireInput {

    private final ByteBuf buffer;
    private int limit;

    public ByteBufInput(ByteBuf buffer) {
        this.buffer = buffer;
        this.limit = buffer.writerIndex();
    }

    @Override
    public int position() {
        return buffer.readerIndex();
    }

    @Override
    public void position(int position) {
        buffer.readerIndex(position);
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
        if (buffer.readerIndex() >= limit) {
            throw new WireException(WireException.Reason.TRUNCATED, "a field runs past the end of its message");
        }
        return buffer.readByte();
    }

    @Override
    public byte[] readBytes(int length) {
        if (length > remaining()) {
            throw new WireException(
                    WireException.Reason.TRUNCATED, "a field needs " + length + " bytes, " + remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        buffer.readBytes(bytes);
        return bytes;
    }
}
