package org.procpool.server.gateway;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Outcome;

/**
 * Somebody waits for the end of a task, which somebody else may have submitted, or until the time is up. Used on the
 * loop only.
 */
final class EndWait {

    /** What is said of a task whose outcome somebody else has got. */
    static final String DELIVERED = "it has ended; its outcome went to the connection that submitted it";

    /** A day. */
    private static final long WAIT_MILLIS_MAX = 86_400_000;

    private final Gateway gateway;
    private final long taskId;
    private final Waiter waiter;
    private @Nullable ScheduledFuture<?> timeout;

    /** Is told one of these, once. */
    interface Waiter {

        /**
         * The task has ended.
         *
         * @param outcome null if it went to the connection that submitted the task
         */
        void ended(@Nullable Outcome outcome);

        /** The task has not ended. */
        void timeUp();
    }

    EndWait(Gateway gateway, long taskId, Waiter waiter) {
        this.gateway = gateway;
        this.taskId = taskId;
        this.waiter = waiter;
    }

    /**
     * Waits from now on.
     *
     * @param waitMillis how long, unsigned; a day at most
     */
    void begin(EventLoop loop, long waitMillis) {
        gateway.waitForEnd(taskId, this);
        long millis = waitMillis < 0 ? WAIT_MILLIS_MAX : Math.min(waitMillis, WAIT_MILLIS_MAX);
        timeout = loop.schedule(
                () -> {
                    gateway.waitNoMore(taskId, this);
                    waiter.timeUp();
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** The task has ended. */
    void answer(@Nullable Outcome outcome) {
        ClientConnection.cancelTimer(timeout);
        waiter.ended(outcome);
    }

    /** The waiter does not want to be told any more. */
    void leave() {
        ClientConnection.cancelTimer(timeout);
        gateway.waitNoMore(taskId, this);
    }
}
