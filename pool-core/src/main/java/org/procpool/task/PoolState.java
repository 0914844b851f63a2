package org.procpool.task;

/** A pool's life as shown to people. */
public enum PoolState {
    /** No worker has been ready yet. */
    STARTING,
    RUNNING,
    /** Finishes what it has and takes no more. */
    DRAINING,
    /** Nothing is left running. */
    STOPPED,
    /** No worker could be started at all; the pool gave up. */
    FAILED
}
