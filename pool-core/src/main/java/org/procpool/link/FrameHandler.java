package org.procpool.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;

/**
 * Cuts what a channel receives into frames. Only an incomplete frame at the end is kept for the next read, in a buffer
 * that grows with what has come, never with what was announced.
 *
 * <p>Bytes are copied at once, all that have come together, into an array that the turn lends, and are looked at there:
 * frames are read byte by byte, and each access to a Netty buffer costs several times that to an array.
 */
public abstract class FrameHandler extends ChannelInboundHandlerAdapter {

    /** Has the length of any frame, if so many have come. */
    private static final int HEAD_BYTES = 16;

    private final Turn turn;

    private @Nullable ByteBuf kept;
    /** A frame that is taken piece by piece; null most of the time. */
    private @Nullable LargeFrame large;

    private boolean closed;
    private int bytesBehind;

    protected FrameHandler(Turn turn) {
        this.turn = turn;
    }

    /** Largest frame to accept now, in bytes without the prefix. */
    protected abstract int frameBytesMax();

    /**
     * Handles one frame.
     *
     * @param in narrowed to the message, which is read where it lies
     * @param kind field of the message in its one-of
     * @throws WireException if it is not what the protocol allows
     */
    protected abstract void frame(ArrayInput in, int kind);

    /** A frame whose end has not come, and whose bytes are taken as they come instead of being kept. */
    public interface LargeFrame {

        /** Takes some of the next bytes, or all. True when it has come to its end. */
        boolean take(ByteBuf bytes);

        /** Its end will not come. */
        void abandon();

        /** Where its next bytes are to be read to, with room for no others; null if that does not matter. */
        default @Nullable ByteBuf place() {
            return null;
        }
    }

    /**
     * Looks at the beginning of a frame that has not come whole.
     *
     * @param in at the frame's message, of which some may have come; to be moved behind what is used up
     * @param length of the frame
     * @return null to have it kept until it is whole
     */
    protected @Nullable LargeFrame large(ArrayInput in, int length) {
        return null;
    }

    /**
     * Has its channel read the bytes of large frames to where they are to lie. Only for a channel with nothing in front
     * of this that makes other bytes of those it reads.
     *
     * @param bytesMax most that one other read takes
     * @param readsMax reads in one turn
     */
    protected final void readInPlace(Channel channel, int bytesMax, int readsMax) {
        channel.config().setRecvByteBufAllocator(new PlacedReads(this::place, bytesMax).maxMessagesPerRead(readsMax));
    }

    private @Nullable ByteBuf place() {
        return large == null || closed ? null : large.place();
    }

    /** Highest kind that this side knows. */
    protected abstract int kindMax();

    /** The peer sent what the protocol does not allow; nothing more of it is read. */
    protected abstract void malformed(WireException e);

    /** All that was received so far has been handled. */
    protected abstract void readComplete();

    /** Drops everything that this peer may still send. */
    protected final void stopReading() {
        closed = true;
    }

    /** Whether the beginning of a frame has come and its end has not. */
    protected final boolean frameIncomplete() {
        return kept != null || large != null;
    }

    /** How many of the bytes that have come lie behind the frame that is being handled. */
    protected final int bytesBehind() {
        return bytesBehind;
    }

    /** Whether {@link #stopReading} was called, or a malformed frame had the same effect. */
    protected final boolean stoppedReading() {
        return closed;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        take(context, (ByteBuf) message);
    }

    /** Handles bytes of the peer, which need not have come through the channel; releases them. */
    protected final void take(ChannelHandlerContext context, ByteBuf received) {
        if (large != null && !goOn(large, received)) {
            received.release();
            return;
        }
        ByteBuf all = received;
        ByteBuf before = kept;
        if (before != null) {
            kept = null;
            all = before.writeBytes(received);
            received.release();
        }
        try {
            handleFrames(all);
        } catch (WireException e) {
            closed = true;
            malformed(e);
        } finally {
            keepRest(context, all);
        }
    }

    private boolean goOn(LargeFrame frame, ByteBuf received) {
        if (closed) {
            return false;
        }
        boolean whole = frame.take(received);
        if (whole) {
            large = null;
        }
        return whole;
    }

    private void handleFrames(ByteBuf all) {
        byte[] lent = turn.lendBatch();
        try {
            int readable = all.readableBytes();
            byte[] bytes = readable <= lent.length || !beginsWhole(all, lent) ? lent : new byte[readable];
            int length = Math.min(readable, bytes.length);
            all.getBytes(all.readerIndex(), bytes, 0, length);
            handleFrames(all, new ArrayInput(bytes, length));
        } finally {
            turn.giveBack(lent);
        }
    }

    /** Whether the first frame has come to its end. */
    private boolean beginsWhole(ByteBuf all, byte[] scratch) {
        int readable = all.readableBytes();
        int head = Math.min(readable, HEAD_BYTES);
        all.getBytes(all.readerIndex(), scratch, 0, head);
        ArrayInput in = new ArrayInput(scratch, head);
        int length = Wire.frameLength(in, frameBytesMax());
        return length != Wire.INCOMPLETE && length <= readable - in.position();
    }

    /** @param in has what is readable of the buffer, or the beginning of it if that is not even one whole frame */
    private void handleFrames(ByteBuf all, ArrayInput in) {
        int start = all.readerIndex();
        int end = in.limit();
        while (!closed && in.position() < end) {
            int length = Wire.frameLength(in, frameBytesMax());
            if (length == Wire.INCOMPLETE || length > in.remaining()) {
                large = length == Wire.INCOMPLETE ? null : large(in, length);
                if (large != null) {
                    all.readerIndex(start + in.position());
                    large.take(all);
                }
                return;
            }
            int next = in.position() + length;
            in.limit(next);
            int kind = Wire.enterMessage(in, kindMax());
            bytesBehind = end - next;
            frame(in, kind);
            in.limit(end);
            in.position(next);
            all.readerIndex(start + next);
        }
    }

    private void keepRest(ChannelHandlerContext context, ByteBuf all) {
        if (closed || !all.isReadable()) {
            all.release();
            return;
        }
        int rest = all.readableBytes();
        // A large buffer is not held for a few bytes: many silent peers would add up.
        if (all.readerIndex() == 0 && all.isWritable() && 2 * rest >= all.capacity()) {
            kept = all;
        } else {
            kept = context.alloc().buffer(Math.max(2 * rest, 256)).writeBytes(all);
            all.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readComplete();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        dropRest();
    }

    /** Gives up the beginning of a frame whose end will not come. */
    protected final void dropRest() {
        if (large != null) {
            large.abandon();
            large = null;
        }
        ByteBuf rest = kept;
        kept = null;
        if (rest != null) {
            rest.release();
        }
    }
}
