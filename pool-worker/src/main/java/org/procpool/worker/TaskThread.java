package org.procpool.worker;

import org.jspecify.annotations.Nullable;

/**
 * The thread that reads tasks, runs handlers and writes results. Interrupts reach it inside a handler only, and those
 * of the supervisor only inside the very run they are meant for: an interrupt anywhere else would close the data
 * socket (NIO does that) or hit a task that has nothing to do with it. Whoever interrupts holds the gate, so
 * {@link #leave} waits for an interrupt that is under way and then clears it.
 */
final class TaskThread extends Thread {

    private final Object gate = new Object();

    /** The run whose handler this thread is in; guarded by the gate. */
    private @Nullable TaskRun running;

    /** Highest dispatch that was entered; guarded by the gate. */
    private long entered;

    /** A cancel that overtook its task, because the two sockets are independent; guarded by the gate. */
    private long cancelledAhead;

    TaskThread(Runnable body) {
        super(null, body, "procpool-tasks");
    }

    /**
     * Opens the gate for interrupts. Called by this thread before the handler.
     *
     * @return false if the task was cancelled before it got here: then the handler must not start
     */
    boolean enter(TaskRun run) {
        synchronized (gate) {
            entered = run.dispatch();
            if (cancelledAhead == entered) {
                return false;
            }
            running = run;
            return true;
        }
    }

    /** The run whose handler this thread is in; null between tasks. Any thread. */
    @Nullable
    TaskRun running() {
        synchronized (gate) {
            return running;
        }
    }

    /** Closes the gate and forgets any interrupt that came through. Called by this thread after the handler. */
    void leave() {
        synchronized (gate) {
            running = null;
            Thread.interrupted();
        }
    }

    /** Interrupts the handler if it is running that dispatch; remembers one that is still on its way. */
    void cancel(long dispatch) {
        synchronized (gate) {
            TaskRun run = running;
            if (run != null && run.dispatch() == dispatch) {
                run.cancel();
                super.interrupt();
            } else if (dispatch > entered) {
                cancelledAhead = dispatch;
            }
        }
    }

    /**
     * For handlers that interrupt their own thread, and for their timers: passes inside a handler, else does nothing.
     */
    @Override
    public void interrupt() {
        synchronized (gate) {
            if (running != null) {
                super.interrupt();
            }
        }
    }
}
