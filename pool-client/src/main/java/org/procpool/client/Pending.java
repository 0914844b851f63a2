package org.procpool.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;

/** One submitted task until its end. Its own future, to save an object for each task. */
class Pending extends CompletableFuture<TaskResult> {

    final TaskRequest request;
    final boolean detach;
    final @Nullable ProgressListener progress;
    private final Session session;
    private final @Nullable CompletableFuture<Long> accepted;

    /** Whether it waits in the outbox. Guarded by the outbox's lock. */
    boolean queued;
    /** Where it was sent. Guarded by the outbox's lock. */
    @Nullable
    Connection connection;
    /** Written by the connection's writer before it enters the table of what is in flight; 0 before. */
    long correlation;
    /** Written once by the connection's reader when Accepted comes, read by those who cancel; 0 before. */
    private volatile long taskId;
    /** Written by those who cancel, read by the reader when Accepted comes: whoever is second sends the Cancel. */
    private volatile boolean cancelWanted;
    /** Written once before the task enters the outbox. */
    private @Nullable Future<?> deadline;

    Pending(
            Session session,
            TaskRequest request,
            boolean detach,
            @Nullable ProgressListener progress,
            @Nullable CompletableFuture<Long> accepted) {
        this.session = session;
        this.request = request;
        this.detach = detach;
        this.progress = progress;
        this.accepted = accepted;
    }

    int payloadBytes() {
        return request.payload().size();
    }

    CompletableFuture<Long> accepted() {
        if (accepted == null) {
            throw new IllegalStateException("nobody asked for the id of this task");
        }
        return accepted;
    }

    long taskId() {
        return taskId;
    }

    void deadline(Future<?> timer) {
        deadline = timer;
    }

    /** Reader: the service has it. Answers whether a Cancel is due now. */
    boolean onAccepted(long id) {
        taskId = id;
        return cancelWanted;
    }

    /** Completes the future of the id, outside all locks. */
    void tellAccepted() {
        if (accepted != null) {
            accepted.complete(taskId);
        }
    }

    boolean wantsId() {
        return accepted != null;
    }

    /** Any thread: it is to be cancelled. Answers the id for the Cancel, or 0 if it has to wait for Accepted. */
    long wantCancel() {
        cancelWanted = true;
        return taskId;
    }

    boolean cancelWanted() {
        return cancelWanted;
    }

    void withdraw() {
        session.cancel(this);
    }

    void forgetDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** The end, outside all locks. The first one counts. */
    void end(TaskResult result) {
        forgetDeadline();
        if (accepted != null && !accepted.isDone()) {
            accepted.completeExceptionally(new TaskFailedException(request.task(), result));
        }
        if (complete(result)) {
            onEnd(result);
        }
    }

    /** Called once, where the future completes. */
    void onEnd(TaskResult result) {}

    void endLocally(OutcomeKind outcome, String type, String message) {
        end(TaskResult.local(outcome, taskId, TaskError.of(type, message)));
    }

    /** Sent, and now nobody can say how it ends. */
    void endUnknown(String why) {
        long id = taskId;
        if (id == 0) {
            endLocally(
                    OutcomeKind.UNKNOWN,
                    TaskResult.LOST_BEFORE_ACCEPTED,
                    "task '" + request.task() + "' was sent but not acknowledged, so it may or may not run: " + why);
        } else {
            endLocally(
                    OutcomeKind.UNKNOWN,
                    TaskResult.LOST_AFTER_ACCEPTED,
                    "task '" + request.task() + "' was accepted as " + TaskId.format(id)
                            + ", its outcome did not come: " + why);
        }
    }

    /** A caller who gives up the future gives up the task. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            session.cancel(this);
        }
        return cancelled;
    }
}
