package org.procpool.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Frame;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.WireOutput;

/**
 * Collects the frames for one peer in one buffer, which leaves at the end of the loop's turn. Small payloads are copied
 * into it; large ones go out as they are. Used on the loop only.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A void promise: a write that fails closes the channel, which is noticed.
public final class FrameSender implements WireOutput, Turn.Flushable {

    /** From this size on, copying a payload costs more than another entry in the outgoing list. */
    private static final int COPY_BYTES_MAX = 16 * 1024;

    private static final int BUFFER_BYTES = 16 * 1024;

    private final Channel channel;
    private final Turn turn;
    private @Nullable ByteBuf buffer;
    private final boolean first;
    private boolean dirty;
    private long appendedBytes;
    private @Nullable WriteWatch watch;
    /** Null until the first. */
    private @Nullable FileRegions files;

    /** For a client. */
    public FrameSender(Channel channel, Turn turn) {
        this(channel, turn, false);
    }

    private FrameSender(Channel channel, Turn turn, boolean first) {
        this.channel = channel;
        this.turn = turn;
        this.first = first;
    }

    /** For a worker, which is flushed before the clients are. */
    static FrameSender toWorker(Channel channel, Turn turn) {
        return new FrameSender(channel, turn, true);
    }

    /** Has somebody told when the peer takes nothing for so long. */
    void watch(WriteWatch value) {
        watch = value;
    }

    /** All bytes of all frames so far. */
    long appendedBytes() {
        return appendedBytes;
    }

    /** Appends the frame; it leaves at the end of the turn. */
    public void send(Frame frame) {
        if (!channel.isActive()) {
            return;
        }
        if (!dirty) {
            dirty = true;
            if (first) {
                turn.addFirst(this);
            } else {
                turn.add(this);
            }
        }
        frame.write(this);
    }

    /** Bytes of all frames so far that the peer has taken. */
    public long takenBytes() {
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        // An entry that is partly written still counts as pending as a whole.
        return appendedBytes - unsentBytes() + (outgoing == null ? 0 : outgoing.currentProgress());
    }

    /** Bytes that the peer has not taken yet, those of this turn included. */
    public long unsentBytes() {
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        return (outgoing == null ? 0 : outgoing.totalPendingWriteBytes())
                + (buffer == null ? 0 : buffer.readableBytes())
                + (files == null ? 0 : files.unsentBytes());
    }

    @Override
    public void flush() {
        dirty = false;
        ByteBuf filled = buffer;
        buffer = null;
        if (filled != null) {
            channel.write(hasBacklog() ? shrunk(filled) : filled, channel.voidPromise());
        }
        channel.flush();
        if (watch != null) {
            watch.flushed();
        }
    }

    /** Whether the socket has not taken everything of the turns before. */
    private boolean hasBacklog() {
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        return outgoing != null && outgoing.totalPendingWriteBytes() > 0;
    }

    /** What waits for a slow peer is bounded in bytes written, so it must not hold much more memory than those. */
    private ByteBuf shrunk(ByteBuf filled) {
        int length = filled.readableBytes();
        if (2 * length > filled.capacity()) {
            return filled;
        }
        ByteBuf exact = channel.alloc().ioBuffer(length, length).writeBytes(filled);
        filled.release();
        return exact;
    }

    private ByteBuf buffer() {
        ByteBuf current = buffer;
        if (current == null) {
            current = channel.alloc().ioBuffer(BUFFER_BYTES);
            buffer = current;
        }
        return current;
    }

    @Override
    public void writeByte(int value) {
        appendedBytes++;
        buffer().writeByte(value);
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        appendedBytes += length;
        if (length <= COPY_BYTES_MAX) {
            buffer().writeBytes(bytes, offset, length);
        } else {
            sendWhole(Unpooled.wrappedBuffer(bytes, offset, length));
        }
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        appendedBytes += source.remaining();
        if (source.remaining() <= COPY_BYTES_MAX) {
            buffer().writeBytes(source.duplicate());
        } else {
            sendWhole(Unpooled.wrappedBuffer(source));
        }
    }

    @Override
    public void writeFile(SpoolFile file) {
        appendedBytes += file.size();
        writeHead();
        FileRegions regions = files;
        if (regions == null) {
            regions = new FileRegions(channel);
            files = regions;
        }
        regions.write(file);
    }

    private void writeHead() {
        ByteBuf head = buffer;
        buffer = null;
        if (head != null) {
            channel.write(head, channel.voidPromise());
        }
    }

    private void sendWhole(ByteBuf payload) {
        writeHead();
        channel.write(payload, channel.voidPromise());
    }
}
