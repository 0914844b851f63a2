package org.procpool.task;

/** A pool's life as shown to people. */
public enum PoolState {
    /** No worker has been ready yet. */
    STARTING,
    RUNNING,
    /** As RUNNING, but its workers die so often that they are replaced at the slowest pace. */
    DEGRADED,
    /** Finishes what it has and takes no more. */
    DRAINING,
    /** Nothing is left running. */
    STOPPED,
    /** No worker could be started at all; the pool gave up. */
    FAILED
}
