package org.procpool.link;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.procpool.proto.WireException;
import org.procpool.proto.WireInput;

/** Reads frames from the beginning of an array. Used on the loop only. */
public final class ArrayInput implements WireInput {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] array;
    private int position;
    private int limit;

    /** @param length of what is to be read, which begins at index 0 */
    public ArrayInput(byte[] array, int length) {
        this.array = array;
        this.limit = length;
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
        return array[position++];
    }

    @Override
    public long peekWord() {
        return (long) LONG.get(array, position);
    }

    @Override
    public byte[] readBytes(int length) {
        if (length > remaining()) {
            throw new WireException(
                    WireException.Reason.TRUNCATED, "a field needs " + length + " bytes, " + remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        System.arraycopy(array, position, bytes, 0, length);
        position += length;
        return bytes;
    }
}
