package org.procpool.conductor;

/**
 * Where a task stands.
 *
 * <pre>
 *             persisted                offered           result, loss              persisted
 *  ACCEPTING ----------->  QUEUED  ------------->  RUNNING  ----------->  SETTLING ----------->  SETTLED
 *      |                   ^    |  <- - - - - - -   |                       ^
 *      |                   |    |    taken back     |                       |
 *      | not persisted     |    | cancel, expiry    | lost, may repeat      | cancel
 *      v                   |    +-------------------|----------------------+|
 *   SETTLED                +------------- WAITING <-+-----------------------+
 * </pre>
 *
 * Without a store ACCEPTING and SETTLING are passed through at once.
 */
public enum TaskState {
    /** The store has not confirmed it yet; its client has not been told that it is accepted. */
    ACCEPTING,
    QUEUED,
    /** Handed to a worker; see {@link Task#started} for whether that has begun it. */
    RUNNING,
    /** Waits for its next attempt. */
    WAITING,
    /** It has ended, and the store has not confirmed that yet; its client has not been told. */
    SETTLING,
    /** Its client has been told. */
    SETTLED;

    /** By ordinal, and bit ordinal: a task may go from here to there. It is asked three times a task. */
    private static final int[] SUCCESSORS = new int[values().length];

    static {
        way(ACCEPTING, QUEUED, SETTLING, SETTLED);
        way(QUEUED, RUNNING, SETTLING, SETTLED);
        way(RUNNING, QUEUED, WAITING, SETTLING, SETTLED);
        way(WAITING, QUEUED, SETTLING, SETTLED);
        way(SETTLING, SETTLED);
    }

    /** Whether a task may go from here to there. */
    boolean leadsTo(TaskState next) {
        return (SUCCESSORS[ordinal()] & 1 << next.ordinal()) != 0;
    }

    private static void way(TaskState from, TaskState... to) {
        for (TaskState next : to) {
            SUCCESSORS[from.ordinal()] |= 1 << next.ordinal();
        }
    }
}
