package org.procpool.server.gateway;

import io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.task.Outcome;

/**
 * A Query that waits for its task's end, or until its time is up. It counts against its connection's window meanwhile.
 * Used on the loop only.
 */
final class WaitingQuery implements EndWaiter {

    /** A day. */
    static final long WAIT_MILLIS_MAX = 86_400_000;

    private final ClientConnection connection;
    private final QueryFrame query;
    private @Nullable ScheduledFuture<?> timeout;

    WaitingQuery(ClientConnection connection, QueryFrame query) {
        this.connection = connection;
        this.query = query;
    }

    void begin(Gateway gateway, EventLoop loop) {
        gateway.waitForEnd(query.taskId(), this);
        long millis = query.waitMillis() < 0 ? WAIT_MILLIS_MAX : Math.min(query.waitMillis(), WAIT_MILLIS_MAX);
        timeout = loop.schedule(() -> timeUp(gateway), millis, TimeUnit.MILLISECONDS);
    }

    private void timeUp(Gateway gateway) {
        gateway.waitNoMore(query.taskId(), this);
        connection.status(query.correlation(), query.taskId());
        connection.queryAnswered();
        gateway.flush();
    }

    @Override
    public void answer(@Nullable Outcome outcome) {
        ClientConnection.cancelTimer(timeout);
        if (outcome != null) {
            connection.result(query.correlation(), outcome);
        } else {
            connection.send(new TaskStatusFrame(query.correlation(), query.taskId(), TaskState.FINISHED, DELIVERED));
        }
        connection.queryAnswered();
    }
}
