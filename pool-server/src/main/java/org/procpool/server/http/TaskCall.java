package org.procpool.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskState;
import org.procpool.server.desk.Asker;
import org.procpool.server.security.Grant;
import org.procpool.task.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that waits for what a task comes to. Told on the pool's loop; all else is done on the admin loop. */
class TaskCall implements Asker {

    private static final Logger LOG = LoggerFactory.getLogger(TaskCall.class);

    private final Executor loop;
    private final @Nullable Grant grant;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private Runnable leave = () -> {};

    /**
     * @param loop where replies are made up
     * @param grant what has let it through, as {@link Access#check} says
     */
    TaskCall(Executor loop, @Nullable Grant grant) {
        this.loop = loop;
        this.grant = grant;
    }

    @Nullable
    Grant grant() {
        return grant;
    }

    /** What there is to say; completes on the admin loop. */
    CompletableFuture<Reply> reply() {
        return reply;
    }

    /** What the desk wants to be told if the answer is not wanted any more. */
    void begun(Runnable leaving) {
        leave = leaving;
    }

    /** The connection is gone. */
    void leave() {
        if (!reply.isDone()) {
            leave.run();
        }
    }

    /** What has let it through does not hold any more: it gets that answer, and not the one it has waited for. */
    void refuse(Reply refusal) {
        leave();
        reply.complete(refusal);
    }

    @Override
    public void ended(Outcome outcome) {
        if (!onLoop(() -> reply.complete(replyTo(outcome)))) {
            outcome.payload().release();
        }
    }

    /** False if there is nobody left to tell. */
    private boolean onLoop(Runnable work) {
        try {
            loop.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.debug("the admin HTTP has ended before a task did");
            return false;
        }
    }

    /** Lets go of a result in a file: what has been mapped stays readable. */
    private Reply replyTo(Outcome outcome) {
        try {
            return reply(outcome);
        } catch (UncheckedIOException e) {
            LOG.warn("the result of a task cannot be mapped", e);
            return Reply.error(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the result cannot be read; the log says why");
        } finally {
            outcome.payload().release();
        }
    }

    Reply reply(Outcome outcome) {
        return TaskReplies.ended(outcome);
    }

    @Override
    public void stands(long taskId, TaskState state, String detail) {
        onLoop(() -> reply.complete(TaskReplies.stands(taskId, state, detail)));
    }
}
