package org.procpool.bench;

import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;

/** Wakes a selector when the next task of an open loop is due: the selector itself waits in whole milliseconds. */
final class Ticker extends Thread {

    /** More often it would cost more than it shows; tasks that are due sooner go out together. */
    private static final long GAP_NANOS_MIN = 50_000;

    private final Selector selector;
    private final long gapNanos;

    Ticker(Selector selector, long gapNanos) {
        super("procpool-bench-ticker");
        setDaemon(true);
        this.selector = selector;
        this.gapNanos = Math.max(gapNanos, GAP_NANOS_MIN);
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        while (!isInterrupted() && selector.isOpen()) {
            long now = System.nanoTime();
            if (now - next >= 0) {
                selector.wakeup();
                next = Math.max(next + gapNanos, now - gapNanos);
            } else {
                LockSupport.parkNanos(next - now);
            }
        }
    }
}
