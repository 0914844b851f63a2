package org.procpool.worker;

import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Frame;
import org.procpool.proto.FrameOutput;
import org.procpool.proto.WorkerProgressFrame;

/**
 * Everything that leaves through the data socket. Results of a batch travel in one write; what would have to wait for
 * a slow task is taken along by the {@link Courier}. All methods may be called by any thread; the monitor guards all
 * fields.
 */
final class Outbox {

    /** A result older than this is written before the next task starts. */
    private static final long BATCH_NANOS_MAX = TimeUnit.MICROSECONDS.toNanos(50);

    /** How long a result may wait if the task behind it, against expectation, runs long. */
    private static final long LEFT_BEHIND_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int BUFFER_BYTES = 64 * 1024;

    private FrameOutput writer;

    /** When the oldest pending byte was appended; meaningless while none is pending. */
    private long oldestNanos;

    private @Nullable TaskRun reporting;
    private long lastProgressNanos = System.nanoTime() - PROGRESS_NANOS;

    private @Nullable Courier courier;

    /** Whether the courier sleeps for longer than a result may wait, and so must be woken for one. */
    private boolean courierRests;

    Outbox(SocketChannel channel) {
        this.writer = new FrameWriter(channel, BUFFER_BYTES);
    }

    /** Writes a frame of the handshake at once. */
    synchronized void send(Frame frame) {
        frame.write(writer);
        writer.flush();
    }

    /** From here on everything goes through that output. Called when everything else is written. */
    synchronized void use(FrameOutput output) {
        writer = output;
    }

    /**
     * Takes the result of a task; from here on its run says nothing more. The one place through which results go.
     *
     * @param nowNanos when the task ended
     * @param moreTasks whether another task may be here already, so that the write can wait for its result
     * @return whether that took no time to speak of: it now waits for a write, and there was room for it
     */
    synchronized boolean result(TaskRun run, Frame result, long nowNanos, boolean moreTasks) {
        run.closeReports();
        if (reporting == run) {
            reporting = null;
        }
        if (writer.pendingBytes() == 0) {
            oldestNanos = nowNanos;
        }
        int writes = writer.writes();
        result.write(writer);
        writer.publish();
        if (!moreTasks || nowNanos - oldestNanos > BATCH_NANOS_MAX) {
            writer.flush();
            return false;
        }
        wakeCourier();
        return writer.writes() == writes;
    }

    /** Takes the latest news of a run; dropped when its result is through. */
    synchronized void progress(TaskRun run, double fraction, String note) {
        boolean waiting = reporting == run;
        if (run.report(fraction, note) && !waiting) {
            reporting = run;
            wakeCourier();
        }
    }

    /** Writes what is pending; for the end of a batch. */
    synchronized void flush() {
        if (writer.pendingBytes() > 0) {
            writer.flush();
        }
    }

    private void wakeCourier() {
        if (courier == null) {
            courier = new Courier();
            courier.start();
        } else if (courierRests) {
            courierRests = false;
            notifyAll();
        }
    }

    /**
     * Sends what is due.
     *
     * @return nanoseconds until something else is; {@link Long#MAX_VALUE} if nothing waits
     */
    private synchronized long deliver(long nowNanos) {
        long wait = Long.MAX_VALUE;
        TaskRun run = reporting;
        if (run != null) {
            wait = lastProgressNanos + PROGRESS_NANOS - nowNanos;
            if (wait <= 0) {
                new WorkerProgressFrame(run.dispatch(), run.fraction(), run.note()).write(writer);
                writer.flush();
                lastProgressNanos = nowNanos;
                reporting = null;
                return Long.MAX_VALUE;
            }
        }
        if (writer.pendingBytes() > 0) {
            long left = oldestNanos + LEFT_BEHIND_NANOS_MAX - nowNanos;
            if (left <= 0) {
                writer.flush();
            } else {
                wait = Math.min(wait, left);
            }
        }
        return wait;
    }

    /**
     * Delivers what the task thread cannot, because it is inside a handler: progress, and results that a slow task
     * would hold up. A thread of its own, because a handler may be interrupted at any moment, and an interrupt closes
     * the channel that its thread is writing to.
     */
    private final class Courier extends Thread {

        /**
         * Keeps its ear open for so long before it has to be woken again: waking costs the task thread microseconds.
         */
        private static final int IDLE_TURNS_MAX = 20;

        Courier() {
            super("procpool-courier");
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            try {
                deliverForEver();
            } catch (UncheckedIOException e) {
                Exit.supervisorGone();
            } catch (Throwable e) {
                Exit.broken(ExitCode.BROKEN, "the courier thread failed", e);
            }
        }

        private void deliverForEver() throws InterruptedException {
            int idleTurns = 0;
            synchronized (Outbox.this) {
                while (true) {
                    long wait = deliver(System.nanoTime());
                    idleTurns = wait == Long.MAX_VALUE ? idleTurns + 1 : 0;
                    if (wait == Long.MAX_VALUE && idleTurns <= IDLE_TURNS_MAX) {
                        wait = LEFT_BEHIND_NANOS_MAX;
                    }
                    courierRests = wait > LEFT_BEHIND_NANOS_MAX;
                    TimeUnit.NANOSECONDS.timedWait(Outbox.this, wait);
                    courierRests = false;
                }
            }
        }

        @Override
        public void interrupt() {
            // Handlers that interrupt all threads they find must not cut the socket.
        }
    }
}
