package org.procpool.proto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Frames as arrays of bytes. */
final class Bytes {

    private Bytes() {}

    /** The frame with its length prefix. */
    static byte[] ofFrame(Frame frame) {
        ByteBufferOutput out = new ByteBufferOutput(false, 16, 1 << 20);
        frame.write(out);
        return array(out);
    }

    /** The frame without its length prefix. */
    static byte[] ofMessage(Frame frame) {
        byte[] bytes = ofFrame(frame);
        WireInput in = new ByteBufferInput(ByteBuffer.wrap(bytes));
        int length = Wire.frameLength(in, bytes.length);
        if (length != in.remaining()) {
            throw new AssertionError("prefix says " + length + ", there are " + in.remaining());
        }
        return Arrays.copyOfRange(bytes, in.position(), bytes.length);
    }

    static byte[] array(ByteBufferOutput out) {
        byte[] bytes = new byte[out.size()];
        out.content().get(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteBufferOutput out = new ByteBufferOutput(false, 16, 1 << 20);
        for (byte[] part : parts) {
            out.writeBytes(part, 0, part.length);
        }
        return array(out);
    }
}
