package org.procpool.link;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/**
 * Notices a peer that takes nothing of what is sent to it. Costs nothing while everything is taken. Used on the loop
 * only.
 */
final class WriteWatch {

    /** A look that comes this much too late says more about this process than about the peer. */
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Channel channel;
    private final long timeoutNanos;
    private final Runnable stalled;
    private boolean watching;
    private long untakenBytes;
    private long dueNanos;

    /**
     * Not watching yet.
     *
     * @param stalled called once for each time-out without a byte taken
     */
    WriteWatch(Channel channel, long timeoutNanos, Runnable stalled) {
        this.channel = channel;
        this.timeoutNanos = timeoutNanos;
        this.stalled = stalled;
    }

    /** So many bytes were handed over and not taken. */
    void left(long bytes) {
        if (!watching && bytes > 0) {
            watching = true;
            watch(bytes);
        }
    }

    private void watch(long bytes) {
        untakenBytes = bytes;
        dueNanos = System.nanoTime() + timeoutNanos;
        channel.eventLoop().schedule(this::look, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        var outgoing = channel.unsafe().outboundBuffer();
        long bytes = outgoing == null ? 0 : outgoing.totalPendingWriteBytes();
        if (bytes == 0) {
            watching = false;
            return;
        }
        // More may have been added meanwhile, but to a worker with a backlog nothing is.
        boolean late = System.nanoTime() - dueNanos > LATE_NANOS;
        if (bytes >= untakenBytes && !late) {
            stalled.run();
        }
        watch(bytes);
    }
}
