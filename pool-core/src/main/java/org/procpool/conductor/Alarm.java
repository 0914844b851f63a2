package org.procpool.conductor;

import java.util.function.LongConsumer;

/** A deadline of something that is neither a task nor a worker's phase. Owned by the conductor's thread. */
final class Alarm extends Timer {

    private final boolean costsAProcess;
    private final LongConsumer action;

    /**
     * Not set yet.
     *
     * @param costsAProcess as {@link Timer#costsAProcess}
     * @param action is given the time, in nanoseconds
     */
    Alarm(boolean costsAProcess, LongConsumer action) {
        this.costsAProcess = costsAProcess;
        this.action = action;
    }

    @Override
    boolean costsAProcess() {
        return costsAProcess;
    }

    @Override
    void due(Expiry expiry, long nowNanos) {
        action.accept(nowNanos);
    }
}
