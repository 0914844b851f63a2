package org.procpool.process;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of this JVM that looks at living workers and keeps time for those that are to die. */
final class WatchThread {

    private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);
    private static final ScheduledThreadPoolExecutor EXECUTOR = new ScheduledThreadPoolExecutor(1, work -> {
        Thread thread = new Thread(work, "procpool-watch");
        thread.setDaemon(true);
        return thread;
    });

    private WatchThread() {}

    /** Has it done soon; it must not wait for anything. */
    static void execute(Runnable work) {
        later(0, work);
    }

    static void later(long delayMillis, Runnable work) {
        EXECUTOR.schedule(() -> run(work), delayMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * At the end of the present period, which is the same for all who ask: one wake-up serves them together.
     *
     * @param periodMillis above 0
     */
    static void atNextRound(long periodMillis, Runnable work) {
        later(periodMillis - Math.floorMod(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), periodMillis), work);
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a look at a worker failed unexpectedly", e);
        }
    }
}
