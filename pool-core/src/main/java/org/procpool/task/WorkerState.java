package org.procpool.task;

/** A worker's life as shown to people. */
public enum WorkerState {
    /** Its process runs, or is being started, and is not ready yet. */
    STARTING,
    /** Ready, and waiting to take the place of one that leaves. */
    SPARE,
    /** Ready, with nothing to do. */
    IDLE,
    /** Running a task. */
    BUSY,
    /** Leaving: no more tasks for it. */
    DRAINING,
    /** No process; the next one starts when its backoff is over. */
    EXITED
}
