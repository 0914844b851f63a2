package org.procpool.recorder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.procpool.proto.FrameOutput;
import org.procpool.proto.Varint;

/**
 * Appends frames to the ring of a flight recorder and writes them to the socket from there. A byte is published in the
 * page before it goes to the socket, and is overwritten only when the supervisor has taken it over and the socket has
 * it too. The ring is a window: a frame that is larger passes through it in pieces. Not thread-safe; its owner sees to
 * that.
 *
 * <p>Waits, in the socket or for room in the ring, for as long as the supervisor needs. That it is gone is for the
 * control socket's thread to notice.
 */
public final class RingWriter implements FrameOutput {

    private static final int EAGER_BYTES_MAX = 64 * 1024;
    private static final long PARK_NANOS_MIN = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long PARK_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);

    private final MappedPage page;
    private final WritableByteChannel socket;
    private final ByteBuffer ring;
    private final ByteBuffer sending;
    private final int ringBytes;

    /** With so many bytes waiting the socket gets them, so that the supervisor works while a large frame is written. */
    private final int eagerBytes;

    // Positions in bytes since Ready: sent <= published <= appended <= limit.
    private long appended;
    private long published;
    private long sent;

    /** Up to where there is room, as far as is known. */
    private long limit;

    private long parsed;
    private int writes;

    RingWriter(MappedPage page, RecorderOptions options, WritableByteChannel socket) {
        this.page = page;
        this.socket = socket;
        this.ringBytes = options.ringBytes();
        this.eagerBytes = Math.min(EAGER_BYTES_MAX, ringBytes / 2);
        this.ring = page.slice(Layout.ringOffset(options.claims()), ringBytes);
        this.sending = ring.duplicate();
        this.limit = ringBytes;
    }

    @Override
    public int pendingBytes() {
        return (int) (appended - sent);
    }

    @Override
    public int writes() {
        return writes;
    }

    @Override
    public void publish() {
        if (published != appended) {
            published = appended;
            page.setRelease(Layout.WRITTEN_OFFSET, appended);
        }
    }

    @Override
    public void flush() {
        publish();
        writes++;
        try {
            while (sent < appended) {
                int start = place(sent);
                int length = (int) Math.min(appended - sent, ringBytes - start);
                sending.limit(start + length).position(start);
                sent += socket.write(sending);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeByte(int value) {
        if (appended == limit) {
            makeRoom();
        }
        ring.put(place(appended), (byte) value);
        appended++;
    }

    @Override
    public void writeVarint(long value) {
        int place = place(appended);
        // What lies behind the value may be overwritten: up to the limit nobody wants it any more.
        if (Math.min(limit - appended, ringBytes - place) >= Varint.ROOM_BYTES) {
            appended += Varint.put(ring, place, value) - place;
        } else {
            FrameOutput.super.writeVarint(value);
        }
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            int piece = nextPiece(length - done);
            ring.put(place(appended), bytes, offset + done, piece);
            appended += piece;
            done += piece;
        }
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        int done = source.position();
        while (done < source.limit()) {
            int piece = nextPiece(source.limit() - done);
            ring.put(place(appended), source, done, piece);
            appended += piece;
            done += piece;
        }
    }

    /** How many bytes can be put in one go. */
    private int nextPiece(int wanted) {
        if (pendingBytes() >= eagerBytes) {
            flush();
        }
        if (appended == limit) {
            makeRoom();
        }
        long room = Math.min(limit - appended, ringBytes - place(appended));
        return (int) Math.min(Math.min(room, eagerBytes), wanted);
    }

    private int place(long position) {
        return (int) position & ringBytes - 1;
    }

    private void makeRoom() {
        readParsed();
        if (appended < limit) {
            return;
        }
        flush();
        readParsed();
        for (long nanos = PARK_NANOS_MIN; appended == limit; nanos = Math.min(2 * nanos, PARK_NANOS_MAX)) {
            LockSupport.parkNanos(this, nanos);
            readParsed();
        }
    }

    private void readParsed() {
        long position = page.getAcquire(Layout.PARSED_OFFSET);
        if (position < parsed || position > published) {
            throw new CorruptRecorderException("the supervisor says it has taken over " + position
                    + " bytes; it had taken over " + parsed + ", and " + published + " were written");
        }
        parsed = position;
        // It may take bytes from the ring that the socket does not have yet.
        limit = Math.min(parsed, sent) + ringBytes;
    }
}
