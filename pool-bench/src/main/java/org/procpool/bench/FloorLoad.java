package org.procpool.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.procpool.bench.floor.FloorFrames;

/**
 * A closed loop against a floor, on a blocking socket: the cheapest client that keeps a window full and times each
 * answer. Owned by one thread; allocates nothing for a task.
 */
final class FloorLoad {

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int READ_BYTES = 256 * 1024;

    private final SocketChannel channel;
    private final int window;
    private final InFlight inFlight;
    /** A whole frame, whose number is set anew for each task. */
    private final ByteBuffer frame;

    private final byte first;
    private final byte last;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BATCH_BYTES);
    private ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private Tally tally = new Tally();

    FloorLoad(SocketChannel channel, FloorTask task, int payloadBytes, int window) {
        this.channel = channel;
        this.window = window;
        this.inFlight = new InFlight(window);
        this.frame = ByteBuffer.allocateDirect(FloorFrames.HEAD_BYTES + payloadBytes);
        frame.putInt(payloadBytes).putLong(0);
        for (int i = 0; i < payloadBytes; i++) {
            frame.put((byte) ('a' + i % 26));
        }
        frame.clear();
        byte front = payloadBytes == 0 ? 0 : frame.get(FloorFrames.HEAD_BYTES);
        byte back = payloadBytes == 0 ? 0 : frame.get(frame.limit() - 1);
        first = task == FloorTask.ECHO ? front : back;
        last = task == FloorTask.ECHO ? back : front;
    }

    /**
     * Warms up, measures, and waits for the last answers.
     *
     * @param measuredNanos more than 0
     */
    Speed run(long warmupNanos, long measuredNanos) throws BenchException, IOException {
        tally = new Tally();
        long from = System.nanoTime() + warmupNanos;
        long until = from + measuredNanos;
        long now = System.nanoTime();
        while (now - until < 0) {
            send(now);
            now = receive(from, until);
        }
        while (inFlight.size() > 0) {
            receive(from, until);
        }
        return Speed.of(tally, measuredNanos);
    }

    private void send(long now) throws IOException {
        while (inFlight.size() < window) {
            frame.putLong(Integer.BYTES, inFlight.add(now));
            if (frame.capacity() > out.capacity()) {
                FloorFrames.writeFully(channel, frame.clear());
                continue;
            }
            if (frame.capacity() > out.remaining()) {
                flush();
            }
            out.put(frame.clear());
        }
        flush();
    }

    private void flush() throws IOException {
        FloorFrames.writeFully(channel, out.flip());
        out.clear();
    }

    private long receive(long from, long until) throws BenchException, IOException {
        FloorFrames.read(channel, in);
        long now = System.nanoTime();
        boolean measured = now - from >= 0 && now - until < 0;
        in.flip();
        while (in.remaining() >= frame.capacity()) {
            int start = in.position();
            int end = start + frame.capacity() - 1;
            long sent = inFlight.remove(in.getLong(start + Integer.BYTES));
            if (sent == InFlight.UNKNOWN
                    || end - start >= FloorFrames.HEAD_BYTES
                            && (in.get(start + FloorFrames.HEAD_BYTES) != first || in.get(end) != last)) {
                throw new BenchException("the floor gave a wrong answer; its measurement is worth nothing");
            }
            in.position(end + 1);
            if (measured) {
                tally.latency(now - sent);
                tally.completed++;
            }
        }
        in = FloorFrames.compacted(in, frame.capacity());
        return now;
    }
}
