package org.procpool.conductor;

/**
 * Counts what each party has in flight, and holds back those that have as much as they may. Owned by the conductor's
 * thread.
 */
final class Shares {

    private final LiveLimits limits;
    private final TaskQueue queue;
    private int full;

    Shares(LiveLimits limits, TaskQueue queue) {
        this.limits = limits;
        this.queue = queue;
    }

    /** One of its tasks went to a worker. */
    void offered(Share share) {
        share.inFlightTasks++;
        arrange(share);
    }

    /** One of its tasks is with a worker no more. */
    void ended(Share share) {
        share.inFlightTasks--;
        arrange(share);
    }

    /** Holds it back if it has as much in flight as it may, and else lets it go on. */
    void arrange(Share share) {
        int max = limits.clients().inFlightTasksMax();
        boolean isFull = max != 0 && share.inFlightTasks >= max;
        if (isFull != share.full) {
            full += isFull ? 1 : -1;
            share.full = isFull;
            queue.arrange(share);
        }
    }

    /** How many parties have as much in flight as they may. */
    int full() {
        return full;
    }
}
