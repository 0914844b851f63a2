package org.procpool.server.gateway;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.procpool.link.ArrayInput;
import org.procpool.link.FrameHandler.LargeFrame;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.spool.Incoming;
import org.procpool.spool.Spool;

/** A submission whose payload goes into a file as it comes. Used on the loop only. */
final class LargeSubmit implements LargeFrame {

    private static final int PAYLOAD_TAG = Wire.tag(15, Wire.BYTES);

    private final SubmitFrame head;
    private final Receiver receiver;
    /** Null if there is no room for the payload, which is then passed over. */
    private final @Nullable Incoming incoming;

    private final String noRoom;
    private int left;
    /** Pieces that a disk does not have yet. */
    private int writing;

    private boolean abandoned;

    /** Where such submissions go. */
    interface Receiver {

        /** All of it is there; the payload is the receiver's. */
        void submit(SubmitFrame head, Payload payload);

        /** There was no room for its payload. */
        void refuse(SubmitFrame head, String why);

        /** Whether nothing more should be read for now. */
        void pauseReading(boolean waits);

        /** Has it done on the loop. */
        void onLoop(Runnable work);
    }

    private LargeSubmit(SubmitFrame head, int size, Spool spool, Receiver receiver) {
        this.head = head;
        this.left = size;
        this.receiver = receiver;
        Incoming opened = null;
        String failure = "";
        try {
            // A payload that may be needed once more, or whose result is kept, does not make room for others.
            boolean once = (head.maxAttempts() == 0 || head.maxAttempts() == 1) && !head.detach();
            opened = once ? spool.receiveInSlab(size) : spool.receive(size);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
        this.incoming = opened;
        this.noRoom = failure;
    }

    /**
     * Begins with one of which the payload has begun to come.
     *
     * @param in at the frame's message; moved to the first byte of the payload, if this is one
     * @return null if it is not, or if it cannot be seen yet
     */
    static @Nullable LargeSubmit begin(ArrayInput in, int frameBytes, NameCache names, Spool spool, Receiver receiver) {
        int limit = in.limit();
        int start = in.position();
        long frameEnd = (long) start + frameBytes;
        try {
            if (Wire.readTag(in) != Wire.tag(SubmitFrame.KIND, Wire.BYTES)
                    || Wire.readVarint(in) != frameEnd - in.position()) {
                return null;
            }
            int bodyStart = in.position();
            int bodyEnd = bodyStart;
            int tag = Wire.readTag(in);
            while (tag != PAYLOAD_TAG) {
                Wire.skip(in, tag);
                bodyEnd = in.position();
                tag = Wire.readTag(in);
            }
            long size = Wire.readVarint(in);
            int payloadStart = in.position();
            // If something comes behind the payload, it is taken as a whole, like any other.
            if (size != frameEnd - payloadStart || !spool.takes(size)) {
                return null;
            }
            in.position(bodyStart);
            in.limit(bodyEnd);
            SubmitFrame head = SubmitFrame.read(in, names);
            in.limit(limit);
            in.position(payloadStart);
            return new LargeSubmit(head, (int) size, spool, receiver);
        } catch (WireException e) {
            // Cut off here, or wrong: when it is whole, it is clear which.
            return null;
        } finally {
            in.limit(limit);
        }
    }

    @Override
    public boolean take(ByteBuf bytes) {
        int length = Math.min(left, bytes.readableBytes());
        left -= length;
        if (incoming == null) {
            bytes.skipBytes(length);
        } else if (!incoming.write(bytes, length, () -> receiver.onLoop(this::written))) {
            writing++;
            receiver.pauseReading(true);
        }
        if (left == 0 && writing == 0) {
            finish();
        }
        return left == 0;
    }

    private void written() {
        writing--;
        if (abandoned) {
            giveUp();
            return;
        }
        if (writing == 0) {
            if (left == 0) {
                finish();
            }
            receiver.pauseReading(false);
        }
    }

    private void finish() {
        if (incoming == null) {
            receiver.refuse(head, noRoom);
            return;
        }
        Payload payload;
        try {
            payload = incoming.end();
        } catch (IOException e) {
            receiver.refuse(head, String.valueOf(e.getMessage()));
            return;
        }
        receiver.submit(head, payload);
    }

    @Override
    public @Nullable ByteBuf place() {
        return incoming == null ? null : incoming.place();
    }

    @Override
    public void abandon() {
        abandoned = true;
        giveUp();
    }

    private void giveUp() {
        if (incoming != null && writing == 0) {
            incoming.abandon();
        }
    }
}
