package org.procpool.conductor.simulation;

/** The truth about one offer: its word in the simulated page, and what will become of it. */
final class Claim {

    /** As it stands in the page. */
    enum Word {
        OFFERED,
        STARTED,
        REVOKED
    }

    /** What the worker does when it gets there. */
    enum Fate {
        RESULT,
        /** Runs until it is interrupted or the world is healed. */
        HANG,
        DIE_BEFORE_CLAIM,
        DIE_AFTER_CLAIM,
        DIE_AT_END,
        /** The result is complete, and nobody has read it. */
        RESULT_THEN_DIE,
        /** Its sockets close, the process goes on for a while. */
        LINK_LOST,
        CORRUPT,
        /** Answers an offer that was never made. */
        UNKNOWN_DISPATCH
    }

    static final int ERROR = 1;
    static final int RETIRE = 2;

    final SimTask task;
    final long dispatch;
    /** When the worker has the task's bytes. */
    final long arrivesNanos;

    final long runNanos;
    Fate fate;
    int flags;
    Word word = Word.OFFERED;
    long startNanos;
    /** The start time as the page shows it. */
    long shownNanos;
    /** Its result is complete in the page. */
    boolean written;

    Claim(SimTask task, long dispatch, long arrivesNanos, long runNanos, Fate fate, int flags) {
        this.task = task;
        this.dispatch = dispatch;
        this.arrivesNanos = arrivesNanos;
        this.runNanos = runNanos;
        this.fate = fate;
        this.flags = flags;
    }
}
