package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/**
 * Something with one pending deadline, linked into {@link Deadlines} without an object of its own. Owned by the
 * conductor's thread.
 */
abstract class Timer {

    /** Value of {@link #bucket} while no deadline is set. */
    static final int UNSET = -1;

    /** When it is due; meaningful only while set. */
    long dueNanos;
    /** Its list in the wheel. */
    int bucket = UNSET;

    @Nullable
    Timer previousTimer;

    @Nullable
    Timer nextTimer;

    final boolean isSet() {
        return bucket != UNSET;
    }

    /** Whether acting on it interrupts or kills somebody, so that it waits after the supervisor itself was late. */
    abstract boolean costsAProcess();

    /** Called once, when the deadline has passed. */
    abstract void due(Expiry expiry, long nowNanos);

    /** Who acts on the deadlines of tasks, workers and clients. */
    interface Expiry {

        void taskDue(Task task, long nowNanos);

        void workerDue(Worker worker, long nowNanos);

        void clientDue(Client client, long nowNanos);
    }
}
