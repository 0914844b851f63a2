package org.procpool.conductor;

/**
 * Counts what each party has in flight, and holds back those that have as much as they may. Owned by the conductor's
 * thread.
 */
final class Shares {

    /** 0 = no limit, which no count ever meets. */
    private final int inFlightMax;

    private final TaskQueue queue;
    private int full;

    Shares(ClientLimits limits, TaskQueue queue) {
        this.inFlightMax = limits.inFlightTasksMax();
        this.queue = queue;
    }

    /** One of its tasks went to a worker. */
    void offered(Share share) {
        if (++share.inFlightTasks == inFlightMax) {
            full++;
            share.full = true;
            queue.arrange(share);
        }
    }

    /** One of its tasks is with a worker no more. */
    void ended(Share share) {
        if (share.inFlightTasks-- == inFlightMax) {
            full--;
            share.full = false;
            queue.arrange(share);
        }
    }

    /** How many parties have as much in flight as they may. */
    int full() {
        return full;
    }
}
