package org.procpool.bench.floor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The least that a worker can do, in a JVM of its own: connects, answers each frame with the same number and the
 * payload as it is or reversed, and ends with the connection. One thread, a blocking socket.
 */
public final class FloorWorker {

    /** The word for a worker that sends back every byte as it comes, without looking for frames. */
    public static final String ECHO = "echo";

    /** The word for a worker that turns each payload around. */
    public static final String REVERSE = "reverse";

    private static final int BUFFER_BYTES = 256 * 1024;

    private FloorWorker() {}

    /** Two arguments: where to connect to, and {@link #ECHO} or {@link #REVERSE}. */
    public static void main(String[] arguments) throws IOException {
        try (SocketChannel channel = FloorFrames.connect(arguments[0])) {
            if (arguments[1].equals(REVERSE)) {
                reverse(channel);
            } else {
                echo(channel);
            }
        } catch (EOFException e) {
            // How each run ends.
            return;
        }
    }

    private static void echo(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (true) {
            bytes.clear();
            FloorFrames.read(channel, bytes);
            FloorFrames.writeFully(channel, bytes.flip());
        }
    }

    private static void reverse(SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
        ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
        byte[] payload = new byte[BUFFER_BYTES];
        while (true) {
            FloorFrames.read(channel, in);
            in.flip();
            int frame = 0;
            while (in.remaining() >= FloorFrames.HEAD_BYTES) {
                int length = in.getInt(in.position());
                frame = FloorFrames.HEAD_BYTES + length;
                if (in.remaining() < frame) {
                    break;
                }
                if (out.capacity() < frame) {
                    out = ByteBuffer.allocateDirect(frame);
                    payload = new byte[length];
                }
                if (out.remaining() < frame) {
                    FloorFrames.writeFully(channel, out.flip());
                    out.clear();
                }
                out.putInt(in.getInt()).putLong(in.getLong());
                in.get(payload, 0, length);
                turnAround(payload, length);
                out.put(payload, 0, length);
            }
            FloorFrames.writeFully(channel, out.flip());
            out.clear();
            in = FloorFrames.compacted(in, frame);
        }
    }

    private static void turnAround(byte[] bytes, int length) {
        for (int i = 0, j = length - 1; i < j; i++, j--) {
            byte first = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = first;
        }
    }
}
