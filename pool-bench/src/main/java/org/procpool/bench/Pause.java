package org.procpool.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for time to pass and nothing else. */
final class Pause {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private Pause() {}

    /** Until that time of {@link System#nanoTime}. */
    static void until(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            NEVER.await(left, TimeUnit.NANOSECONDS);
        }
    }

    static void millis(long millis) throws InterruptedException {
        until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
