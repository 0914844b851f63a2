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
    private final FrameSender sender;
    private final long timeoutNanos;
    private final Runnable stalled;
    private boolean watching;
    private long takenBytes;
    private long dueNanos;

    /**
     * Not watching yet.
     *
     * @param stalled called once for each time-out without a byte taken
     */
    WriteWatch(Channel channel, FrameSender sender, long timeoutNanos, Runnable stalled) {
        this.channel = channel;
        this.sender = sender;
        this.timeoutNanos = timeoutNanos;
        this.stalled = stalled;
    }

    /** All that there is was handed over; watches if the peer has not taken it. */
    void flushed() {
        if (!watching && sender.unsentBytes() > 0) {
            watching = true;
            watch();
        }
    }

    private void watch() {
        takenBytes = sender.takenBytes();
        dueNanos = System.nanoTime() + timeoutNanos;
        channel.eventLoop().schedule(this::look, timeoutNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (sender.unsentBytes() == 0) {
            watching = false;
            return;
        }
        boolean late = System.nanoTime() - dueNanos > LATE_NANOS;
        if (sender.takenBytes() == takenBytes && !late) {
            stalled.run();
        }
        watch();
    }
}
