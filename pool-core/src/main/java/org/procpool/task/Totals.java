package org.procpool.task;

/** Counts since the pool started. {@code accepted} = the sum of the outcomes without rejected + queued + running. */
public record Totals(
        long accepted,
        long succeeded,
        long failed,
        long timedOut,
        long expired,
        long workerLost,
        long cancelled,
        long rejected) {

    /** Accepted tasks that have ended. */
    public long ended() {
        return succeeded + failed + timedOut + expired + workerLost + cancelled;
    }
}
