package org.procpool.server.gateway;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Outcome;

/** Somebody who waits for a task to end. Called on the loop, at most once. */
interface PendingQuery {

    /** The task ended; null if its outcome went to the connection that submitted it. */
    void answer(@Nullable Outcome outcome);
}
