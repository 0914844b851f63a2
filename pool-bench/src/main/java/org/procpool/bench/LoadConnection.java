package org.procpool.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.procpool.bench.floor.FloorFrames;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.Wire;

/** One connection that keeps its window full. Owned by one load thread; allocates nothing for a task that goes well. */
final class LoadConnection {

    private static final int READ_BYTES = 256 * 1024;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int WORKERS_MAX = 1 << 16;
    private static final int UNMEASURED = -1;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final BenchOptions options;
    private final Schedule schedule;
    private final Tally tally;
    private final Tasks tasks;
    /** Null in a closed loop. */
    private final @Nullable Pace pace;

    private final int number;
    /** Of an open loop: tasks that were sent. */
    private long sentCount;

    private final InFlight inFlight;
    private final ByteBufferOutput out;
    /** What the socket has not taken yet; null if nothing. */
    private @Nullable ByteBuffer unsent;

    private ByteBuffer received = ByteBuffer.allocateDirect(READ_BYTES);
    private final ByteBufferInput in = new ByteBufferInput(received);

    // Of what was read last: when, and in which piece of the measured time.
    private long now;
    private int piece;

    private boolean leaving;
    private boolean closed;

    /**
     * Takes the channel over.
     *
     * @param pace null for a closed loop
     * @param number of this connection among all, from 0
     */
    LoadConnection(
            SocketChannel channel,
            SelectionKey key,
            BenchOptions options,
            Schedule schedule,
            Tally tally,
            @Nullable Pace pace,
            int number) {
        this.channel = channel;
        this.key = key;
        this.options = options;
        this.schedule = schedule;
        this.tally = tally;
        this.tasks = new Tasks(options);
        // Kept for good: to make room for a large task each time anew costs more than to send it.
        this.out = new ByteBufferOutput(true, 2 * BATCH_BYTES, Integer.MAX_VALUE);
        this.pace = pace;
        this.number = number;
        this.inFlight = new InFlight(options.window());
    }

    boolean isClosed() {
        return closed;
    }

    /** Tasks that are out, or are due and could not be sent yet. */
    long unfinished() {
        return inFlight.size() + owed(System.nanoTime());
    }

    private long owed(long now) {
        return pace == null ? 0 : pace.dueCount(number, Math.min(now, schedule.measureUntil())) - sentCount;
    }

    // ---- sending

    /** Fills the window, or sends what is due, as far as the socket and the window take it. */
    void send() {
        try {
            while (flushed() && wantsToSend()) {
                long now = System.nanoTime();
                if (pace == null ? !fill(now) : !sendDue(now, pace)) {
                    return;
                }
                unsent = out.content();
            }
        } catch (IOException e) {
            lost(e);
        }
    }

    private boolean fill(long now) {
        if (!schedule.isSending(now)) {
            return false;
        }
        while (inFlight.size() < options.window() && out.size() < BATCH_BYTES) {
            tasks.writeTo(out, inFlight.add(now));
        }
        return true;
    }

    private boolean sendDue(long now, Pace steady) {
        long owed = owed(now);
        for (long i = owed; i > 0 && inFlight.size() < options.window() && out.size() < BATCH_BYTES; i--) {
            long due = steady.due(number, sentCount++);
            if (due - schedule.measureFrom() >= 0) {
                tally.lag(now - due);
            }
            tasks.writeTo(out, inFlight.add(due));
        }
        return owed > 0;
    }

    private boolean wantsToSend() {
        return !closed && !leaving && inFlight.size() < options.window();
    }

    private boolean flushed() throws IOException {
        ByteBuffer rest = unsent;
        if (rest == null) {
            return true;
        }
        channel.write(rest);
        if (rest.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return false;
        }
        unsent = null;
        out.clear();
        if (key.interestOps() != SelectionKey.OP_READ) {
            key.interestOps(SelectionKey.OP_READ);
        }
        return true;
    }

    // ---- receiving

    /**
     * Reads what there is, once.
     *
     * @return how many results came
     */
    int receive() {
        try {
            if (channel.read(received) < 0) {
                throw new EOFException("the service closed it");
            }
            now = System.nanoTime();
            piece = schedule.isMeasured(now) ? schedule.piece(now) : UNMEASURED;
            received.flip();
            int results = frames();
            keepRest();
            return results;
        } catch (IOException | RuntimeException e) {
            lost(e);
            return 0;
        }
    }

    private int frames() throws IOException {
        int results = 0;
        int end = in.limit();
        while (in.position() < end) {
            int start = in.position();
            int length = Wire.frameLength(in, Integer.MAX_VALUE - READ_BYTES);
            if (length == Wire.INCOMPLETE || length > in.remaining()) {
                in.position(start);
                break;
            }
            int next = in.position() + length;
            in.limit(next);
            int kind = Wire.enterMessage(in, Wire.SERVER_KIND_MAX);
            if (kind == ResultFrame.KIND) {
                result();
                results++;
            } else if (kind == GoAwayFrame.KIND) {
                leaving = true;
            } else if (kind == ErrorFrame.KIND) {
                throw new IOException(ErrorFrame.read(in).message());
            }
            in.limit(end);
            in.position(next);
        }
        return results;
    }

    /** Moves the beginning of a frame to the front; makes room if a frame does not fit. */
    private void keepRest() {
        FloorFrames.compact(received);
        if (!received.hasRemaining()) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.multiplyExact(received.capacity(), 2));
            received = larger.put(received.flip());
            in.wrap(received);
        }
    }

    private void result() {
        int start = in.position();
        long correlation = 0;
        int outcome = 0;
        int worker = 0;
        int payloadStart = start;
        int payloadLength = 0;
        while (in.remaining() > 0) {
            int tag = Wire.readTag(in);
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> correlation = Wire.readVarint(in);
                case 3 << 3 | Wire.VARINT -> outcome = Wire.readUint32(in);
                case 4 << 3 | Wire.VARINT -> worker = Wire.readUint32(in);
                case 15 << 3 | Wire.BYTES -> {
                    payloadLength = Wire.readLength(in);
                    payloadStart = in.position();
                    in.position(payloadStart + payloadLength);
                }
                default -> Wire.skip(in, tag);
            }
        }
        long sent = inFlight.remove(correlation);
        if (sent == InFlight.UNKNOWN) {
            tally.error("UNEXPECTED_RESULT", 1, "a result came for a task that was not out");
        } else if (outcome != OutcomeKind.SUCCEEDED.code()) {
            in.position(start);
            failed(ResultFrame.read(in));
        } else if (!tasks.isRight(correlation, received, payloadStart, payloadLength)) {
            tally.error("WRONG_RESULT", 1, "a result is not what the task " + options.task() + " must give");
        } else {
            succeeded(sent, worker);
        }
    }

    private void succeeded(long sent, int worker) {
        // In an open loop what was due in the warm-up may be a backlog of that.
        if ((pace == null ? now : sent) - schedule.measureFrom() >= 0) {
            tally.latency(now - sent);
        }
        if (piece != UNMEASURED) {
            tally.completed++;
            tally.latency(now - sent, piece);
        }
        if (worker < WORKERS_MAX) {
            tally.workers.set(worker);
        }
    }

    private void failed(ResultFrame result) {
        String kind = result.outcome().name();
        tally.error(kind, 1, result.error() == null ? kind : result.error().message());
    }

    // ---- the end

    private void lost(Exception cause) {
        tally.error("CONNECTION_LOST", 1, "a connection was lost: " + cause.getMessage());
        close();
    }

    /** Tasks that are still out count as unanswered, those of an open loop that were due and never sent as unsent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (inFlight.size() > 0) {
            tally.error("UNANSWERED", inFlight.size(), "for some tasks no outcome came");
        }
        long owed = owed(System.nanoTime());
        if (owed > 0) {
            tally.error("UNSENT", owed, "some tasks were due and could not be sent; the service does not keep up");
        }
        try {
            channel.close();
        } catch (IOException e) {
            tally.error("CONNECTION_LOST", 1, "a connection could not be closed: " + e.getMessage());
        }
    }
}
