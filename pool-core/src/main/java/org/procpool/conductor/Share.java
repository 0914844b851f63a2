package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.TaskSpec;

/**
 * What one party has of the pool: its lanes in the queue, which take turns with those of others, and how much it has
 * under way. A client has a share of its own, or one with others of the same party. Owned by the conductor's thread.
 */
final class Share {

    private final @Nullable Lane[] lanes = new Lane[TaskSpec.PRIORITIES];

    /** Its client does not take its results, so nothing of it is started. Kept by {@link TaskQueue}. */
    boolean paused;
    /** As much of it is in flight as may be. Kept by {@link Shares}. */
    boolean full;
    /** Accepted, or being accepted, and not with a worker. Kept by {@link Admission}. */
    int queuedTasks;
    /** With a worker. Kept by {@link Shares}. */
    int inFlightTasks;

    /** Whether its tasks may be started. */
    boolean runnable() {
        return !paused && !full;
    }

    Lane lane(int priority) {
        Lane lane = lanes[priority];
        if (lane == null) {
            lane = new Lane(this, priority);
            lanes[priority] = lane;
        }
        return lane;
    }

    /** Null while no task of that priority has been queued. */
    @Nullable
    Lane laneIfAny(int priority) {
        return lanes[priority];
    }
}
