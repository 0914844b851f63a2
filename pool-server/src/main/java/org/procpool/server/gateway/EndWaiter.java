package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Outcome;

/** Waits for the end of a task that somebody else may have submitted. Told once, on the loop. */
interface EndWaiter {

    /** What is said of a task whose outcome somebody else has got. */
    String DELIVERED = "it has ended; its outcome went to the connection that submitted it";

    /**
     * The task has ended.
     *
     * @param outcome null if it went to the connection that submitted the task
     */
    void answer(@Nullable Outcome outcome);
}
