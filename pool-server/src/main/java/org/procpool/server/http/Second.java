package org.procpool.server.http;

import org.procpool.task.DurationCounts;

/**
 * What happened within about one second.
 *
 * @param atMillis its end, since 1970
 * @param succeeded tasks a second
 * @param failed tasks a second that ended otherwise
 * @param rejected submissions a second
 * @param queued tasks that waited at its end
 * @param busy workers that had something to do at its end
 * @param queueTime of the tasks that ended
 * @param runTime of the tasks that ended and had run
 * @param lagNanos how long the pool's loop took to begin with something new
 */
record Second(
        long atMillis,
        double succeeded,
        double failed,
        double rejected,
        int queued,
        int busy,
        DurationCounts queueTime,
        DurationCounts runTime,
        long lagNanos) {}
