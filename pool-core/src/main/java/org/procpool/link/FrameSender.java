package org.procpool.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Frame;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.Varint;
import org.procpool.proto.Wire;
import org.procpool.proto.WireOutput;

/**
 * Collects the frames for one peer in one batch, which leaves at the end of the loop's turn. Small payloads are copied
 * into it; large ones go out as they are. Used on the loop only.
 *
 * <p>The batch is an array of the heap, lent by the turn: frames are written byte by byte, which in an array costs a
 * fraction of what it does in a Netty buffer, and silent peers hold nothing.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A void promise: a write that fails closes the channel, which is noticed.
public final class FrameSender implements WireOutput, Turn.Flushable {

    /** From this size on, copying a payload costs more than another entry in the outgoing list. */
    private static final int COPY_BYTES_MAX = 16 * 1024;

    private static final byte[] NONE = {};
    /** Longer texts are not names, and hardly come twice in a row. */
    private static final int NAME_CHARS_MAX = 128;

    private final Channel channel;
    private final Turn turn;
    private byte[] batch = NONE;
    private int filled;
    private final boolean first;
    private boolean dirty;
    /** In batches before this one, and in payloads that went out as they are. */
    private long leftBytes;

    // The last short text: mostly a task's name, and that of the task before as the very same object.
    private String lastName = "";
    private byte[] lastNameBytes = NONE;

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
        return leftBytes + filled;
    }

    /** Appends the frame; it leaves at the end of the turn. */
    public void send(Frame frame) {
        if (begin()) {
            frame.write(this);
        }
    }

    /**
     * For frames of which the caller knows the type, which makes writing them cheaper: if true, it is to be written to
     * this, and leaves at the end of the turn; if not, the peer is gone.
     */
    public boolean begin() {
        if (!channel.isActive()) {
            return false;
        }
        if (!dirty) {
            dirty = true;
            batch = turn.lendSlip();
            if (first) {
                turn.addFirst(this);
            } else {
                turn.add(this);
            }
        }
        return true;
    }

    /** Bytes of all frames so far that the peer has taken. */
    public long takenBytes() {
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        // An entry that is partly written still counts as pending as a whole.
        return appendedBytes() - unsentBytes() + (outgoing == null ? 0 : outgoing.currentProgress());
    }

    /** Bytes that the peer has not taken yet, those of this turn included. */
    public long unsentBytes() {
        ChannelOutboundBuffer outgoing = channel.unsafe().outboundBuffer();
        return (outgoing == null ? 0 : outgoing.totalPendingWriteBytes())
                + filled
                + (files == null ? 0 : files.unsentBytes());
    }

    @Override
    public void flush() {
        writeBatch();
        turn.giveBack(batch);
        batch = NONE;
        dirty = false;
        channel.flush();
        if (watch != null) {
            watch.flushed();
        }
    }

    /** Hands over what is collected. What waits for a slow peer is bounded in bytes, so it takes no more memory. */
    private void writeBatch() {
        if (filled > 0) {
            leftBytes += filled;
            channel.write(channel.alloc().ioBuffer(filled, filled).writeBytes(batch, 0, filled), channel.voidPromise());
            filled = 0;
        }
    }

    @Override
    public void writeByte(int value) {
        makeRoom(1);
        batch[filled++] = (byte) value;
    }

    @Override
    public void writeVarint(long value) {
        makeRoom(Varint.ROOM_BYTES);
        filled = Varint.put(batch, filled, value);
    }

    @Override
    public void writeVarintField(int tag, long value) {
        makeRoom(2 * Varint.ROOM_BYTES);
        byte[] target = batch;
        int at = filled;
        if (tag <= Byte.MAX_VALUE) {
            target[at++] = (byte) tag;
        } else {
            at = Varint.put(target, at, tag);
        }
        filled = Varint.put(target, at, value);
    }

    @Override
    public void writeStringField(int tag, String text) {
        if (!text.equals(lastName)) {
            if (text.length() > NAME_CHARS_MAX) {
                WireOutput.super.writeStringField(tag, text);
                return;
            }
            lastName = text;
            lastNameBytes = Wire.utf8(text);
        }
        writeVarintField(tag, lastNameBytes.length);
        writeBytes(lastNameBytes, 0, lastNameBytes.length);
    }

    @Override
    public void writeBytes(byte[] bytes, int offset, int length) {
        if (length > COPY_BYTES_MAX) {
            writeWhole(Unpooled.wrappedBuffer(bytes, offset, length));
            return;
        }
        makeRoom(length);
        System.arraycopy(bytes, offset, batch, filled, length);
        filled += length;
    }

    @Override
    public void writeBytes(ByteBuffer source) {
        int length = source.remaining();
        if (length > COPY_BYTES_MAX) {
            writeWhole(Unpooled.wrappedBuffer(source));
            return;
        }
        makeRoom(length);
        source.get(source.position(), batch, filled, length);
        filled += length;
    }

    private void makeRoom(int length) {
        if (batch.length - filled >= length) {
            return;
        }
        batch = turn.enlarge(batch, filled);
        if (batch.length - filled < length) {
            writeBatch();
        }
    }

    @Override
    public void writeFile(SpoolFile file) {
        if (file.room() > 0) {
            writeHeld(file);
            return;
        }
        if (!(channel.pipeline().first() instanceof FrameHandler)) {
            // There is somebody in front who has to see the bytes, to encrypt them.
            writeWhole(Unpooled.wrappedBuffer(file.view()));
            return;
        }
        writeBatch();
        leftBytes += file.size();
        if (files == null) {
            files = new FileRegions(channel);
        }
        files.write(file);
    }

    /**
     * Not by the kernel out of the file, which is used again: that would share the file's pages with all sockets on the
     * way, on this machine up to the client's, and nothing tells when the client has read them.
     */
    private void writeHeld(SpoolFile file) {
        ByteBuf bytes = Unpooled.wrappedBuffer(file.view());
        file.hold();
        writeWhole(bytes, channel.newPromise().addListener(sent -> file.release()));
    }

    private void writeWhole(ByteBuf payload) {
        writeWhole(payload, channel.voidPromise());
    }

    private void writeWhole(ByteBuf payload, ChannelPromise done) {
        writeBatch();
        leftBytes += payload.readableBytes();
        channel.write(payload, done);
    }
}
