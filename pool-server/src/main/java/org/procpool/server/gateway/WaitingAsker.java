package org.procpool.server.gateway;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskState;
import org.procpool.server.desk.Asker;
import org.procpool.task.Outcome;

/** Waits at the desk for a task's end, or until its time is up. Used on the loop only. */
final class WaitingAsker implements EndWaiter {

    private final long taskId;
    private final Asker asker;
    /** Null unless it waits. */
    private @Nullable ScheduledFuture<?> timeout;

    WaitingAsker(long taskId, Asker asker) {
        this.taskId = taskId;
        this.asker = asker;
    }

    /** @param timeUp what is done if the task has not ended by then */
    void begin(Gateway gateway, EventLoop loop, long waitMillis, Runnable timeUp) {
        gateway.waitForEnd(taskId, this);
        timeout = loop.schedule(
                () -> {
                    gateway.waitNoMore(taskId, this);
                    timeUp.run();
                },
                Math.min(waitMillis, WaitingQuery.WAIT_MILLIS_MAX),
                TimeUnit.MILLISECONDS);
    }

    /** Does not want the answer any more. */
    void leave(Gateway gateway) {
        ClientConnection.cancelTimer(timeout);
        gateway.waitNoMore(taskId, this);
    }

    @Override
    public void answer(@Nullable Outcome outcome) {
        ClientConnection.cancelTimer(timeout);
        if (outcome != null) {
            GatewayDesk.answer(asker, outcome);
        } else {
            asker.stands(taskId, TaskState.FINISHED, DELIVERED);
        }
    }
}
