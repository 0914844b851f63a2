package org.procpool.task;

import org.jspecify.annotations.Nullable;

/**
 * One place of the pool at one moment.
 *
 * @param id of its present process, or of the last one while there is none
 * @param pid 0 while there is no process
 * @param inFlight tasks handed to it without a result
 * @param completed tasks of this place that ended with a result that is not a failure, over all its processes
 * @param failed tasks of this place that ended otherwise, over all its processes
 * @param restarts processes that this place has had, less one
 * @param bootMillis from launch to Ready of the present process; 0 until then
 * @param task name of what it runs now
 * @param taskId of what it runs now; 0 if nothing
 */
public record WorkerSnapshot(
        WorkerId id,
        long pid,
        WorkerState state,
        int inFlight,
        long completed,
        long failed,
        int restarts,
        long bootMillis,
        @Nullable String task,
        long taskId) {}
