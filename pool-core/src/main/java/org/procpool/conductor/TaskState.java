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

    /** Whether a task may go from here to there. */
    boolean leadsTo(TaskState next) {
        return switch (this) {
            case ACCEPTING -> next == QUEUED || next == SETTLING || next == SETTLED;
            case QUEUED -> next == RUNNING || next == SETTLING || next == SETTLED;
            case RUNNING -> next == QUEUED || next == WAITING || next == SETTLING || next == SETTLED;
            case WAITING -> next == QUEUED || next == SETTLING || next == SETTLED;
            case SETTLING -> next == SETTLED;
            case SETTLED -> false;
        };
    }
}
