package org.procpool.conductor;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a task stands.
 *
 * <pre>
 *             persisted                offered           result, loss              persisted
 *  ACCEPTING ----------->  QUEUED  ------------->  RUNNING  ----------->  SETTLING ----------->  SETTLED
 *      |                   ^    |                   |                       ^
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
    /** Handed to a worker. */
    RUNNING,
    /** Waits for its next attempt. */
    WAITING,
    /** It has ended, and the store has not confirmed that yet; its client has not been told. */
    SETTLING,
    /** Its client has been told. */
    SETTLED;

    Set<TaskState> next() {
        return switch (this) {
            case ACCEPTING -> EnumSet.of(QUEUED, SETTLING, SETTLED);
            case QUEUED -> EnumSet.of(RUNNING, SETTLING, SETTLED);
            case RUNNING -> EnumSet.of(WAITING, SETTLING, SETTLED);
            case WAITING -> EnumSet.of(QUEUED, SETTLING, SETTLED);
            case SETTLING -> EnumSet.of(SETTLED);
            case SETTLED -> EnumSet.noneOf(TaskState.class);
        };
    }
}
