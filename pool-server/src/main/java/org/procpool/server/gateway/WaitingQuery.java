package org.procpool.server.gateway;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.task.Outcome;

/**
 * A Query that waits for its task's end, or until its time is up. It counts against its connection's window meanwhile.
 * Used on the loop only.
 */
final class WaitingQuery implements EndWait.Waiter {

    private final ClientConnection connection;
    private final QueryFrame query;
    private final Gateway gateway;

    WaitingQuery(ClientConnection connection, QueryFrame query, Gateway gateway) {
        this.connection = connection;
        this.query = query;
        this.gateway = gateway;
    }

    void begin(EventLoop loop) {
        new EndWait(gateway, query.taskId(), this).begin(loop, query.waitMillis());
    }

    @Override
    public void timeUp() {
        connection.status(query.correlation(), query.taskId());
        connection.queryAnswered();
        gateway.flush();
    }

    @Override
    public void ended(@Nullable Outcome outcome) {
        if (outcome != null) {
            connection.result(query.correlation(), outcome);
        } else {
            connection.send(
                    new TaskStatusFrame(query.correlation(), query.taskId(), TaskState.FINISHED, EndWait.DELIVERED));
        }
        connection.queryAnswered();
    }
}
