package org.procpool.process;

import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of this JVM that starts and kills worker processes. The kernel's parent-death signal is bound to the
 * thread that forked, so this one never ends; the order of its work also makes a kill that follows a launch find the
 * process.
 */
final class LaunchThread {

    private static final Logger LOG = LoggerFactory.getLogger(LaunchThread.class);
    private static final LinkedBlockingQueue<Runnable> WORK = new LinkedBlockingQueue<>();

    static {
        Thread thread = new Thread(LaunchThread::serve, "procpool-launch");
        thread.setDaemon(true);
        thread.start();
    }

    private LaunchThread() {}

    /** Has it done later, in the order of the calls. */
    static void execute(Runnable work) {
        WORK.add(work);
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void serve() {
        while (true) {
            try {
                WORK.take().run();
            } catch (InterruptedException e) {
                LOG.debug("the launch thread does not end on an interrupt: its workers would die with it");
            } catch (RuntimeException | Error e) {
                // Also not on a shortage of memory or threads, for the same reason.
                LOG.error("a launch or kill failed unexpectedly", e);
            }
        }
    }
}
