package org.procpool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Autopsy;
import org.procpool.task.WorkerId;

/**
 * Something in the life of the pool or of a worker.
 *
 * @param worker null if it is of the pool
 * @param pid of that worker; 0 if there is none
 * @param autopsy of a worker that exited; null with all others
 * @param detail what people want to know of it beyond its kind
 */
public record PoolEvent(
        Instant at,
        Kind kind,
        @Nullable WorkerId worker,
        long pid,
        @Nullable Autopsy autopsy,
        String detail) {

    /** What happened. */
    public enum Kind {
        WORKER_STARTED,
        WORKER_READY,
        WORKER_DISCONNECTED,
        WORKER_EXITED,
        TASK_QUARANTINED,
        TASK_RELEASED,
        POOL_DEGRADED,
        POOL_RECOVERED,
        POOL_RESIZED,
        POOL_STUCK,
        POOL_UNSTUCK,
        POOL_DRAINING,
        POOL_STOPPING,
        POOL_FAILED,
        POOL_STOPPED
    }
}
