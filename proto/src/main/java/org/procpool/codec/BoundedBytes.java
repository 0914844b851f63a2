package org.procpool.codec;

import java.io.ByteArrayOutputStream;

/** Collects encoded bytes and refuses the first one beyond the limit, so that no value can build a larger buffer. */
final class BoundedBytes extends ByteArrayOutputStream {

    private final int bytesMax;

    BoundedBytes(int bytesMax) {
        super(Math.min(bytesMax, 512));
        this.bytesMax = bytesMax;
    }

    @Override
    public synchronized void write(int value) {
        ensureRoom(1);
        super.write(value);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        ensureRoom(length);
        super.write(bytes, offset, length);
    }

    private void ensureRoom(int length) {
        if (length > bytesMax - count) {
            throw new CodecException(
                    CodecException.Reason.TOO_LARGE,
                    "the value has at least " + ((long) count + length) + " bytes as JSON, the limit is " + bytesMax,
                    null);
        }
    }
}
