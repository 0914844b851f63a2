package org.procpool.server.gateway;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.procpool.link.ArrayInput;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.SubmitFrame;
import org.procpool.spool.Spool;
import org.procpool.task.RejectReason;

/** What one client submits with payloads that lie in files. Used on the loop only. */
final class LargeSubmits implements LargeSubmit.Receiver {

    private final ClientConnection connection;
    private final EventLoop loop;
    /** Null if there are none. */
    private final @Nullable Spool spool;
    /** A disk has not taken yet what came last. */
    private boolean waiting;

    LargeSubmits(ClientConnection connection, EventLoop loop, @Nullable Spool spool) {
        this.connection = connection;
        this.loop = loop;
        this.spool = spool;
    }

    /** The meaning is that of {@link LargeSubmit#begin}. */
    @Nullable
    LargeSubmit begin(ArrayInput in, int frameBytes, NameCache names) {
        return spool == null || !spool.takes(frameBytes) ? null : LargeSubmit.begin(in, frameBytes, names, spool, this);
    }

    /** Whether the client is not to be read for now. */
    boolean waiting() {
        return waiting;
    }

    @Override
    public void submit(SubmitFrame head, Payload payload) {
        connection.submit(head, payload);
    }

    @Override
    public void refuse(SubmitFrame head, String why) {
        connection.rejected(head.correlation(), RejectReason.QUEUE_FULL, "there is no room for the payload: " + why);
    }

    @Override
    public void pauseReading(boolean waits) {
        waiting = waits;
        connection.throttle();
    }

    @Override
    public void onLoop(Runnable work) {
        loop.execute(work);
    }
}
