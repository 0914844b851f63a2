package org.procpool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Task;
import org.procpool.proto.OnDisconnect;
import org.procpool.spool.Spool;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;

/**
 * The source of the tasks that come from this JVM's own threads. They are queued without a lock and carried into the
 * loop in batches, one wake-up each.
 */
final class LibraryClient implements ClientSink {

    /** Taken from callers in one turn: workers and clients want their turn, too. */
    private static final int TAKEN_MAX = 1_024;

    private final PoolLoop loop;
    private final Callbacks callbacks;
    /** Filled by callers, emptied by the loop. */
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    /** Set by whoever wakes the loop, cleared by the loop before it looks into the inbox. */
    private final AtomicBoolean awake = new AtomicBoolean();
    /** Written by the loop, read by callers: why nothing can be submitted any more. */
    private volatile @Nullable PoolException closed;

    // Used on the loop only.
    private final Places<TaskFuture> unfinished = new Places<>();
    private @Nullable Client client;

    LibraryClient(PoolLoop loop, Callbacks callbacks) {
        this.loop = loop;
        this.callbacks = callbacks;
    }

    /** Any thread. */
    TaskFuture submit(TaskSpec spec) {
        TaskFuture future = new TaskFuture(this);
        PoolException before = closed;
        if (before != null) {
            future.completeExceptionally(before);
            return future;
        }
        TaskSpec stored = stored(spec, future);
        if (stored == null) {
            return future;
        }
        enter(() -> enterTask(future, stored));
        // Looked at after the task is in the inbox: either close() sees the task there, or this sees that it is closed.
        PoolException e = closed;
        if (e != null) {
            future.completeExceptionally(e);
        }
        return future;
    }

    /** With a large payload in a file, written by the caller's thread; null if there is no room for it. */
    private @Nullable TaskSpec stored(TaskSpec spec, TaskFuture future) {
        Spool spool = loop.spool();
        if (spool == null || !spool.takes(spec.payload().size())) {
            return spec;
        }
        try {
            return spec.withPayload(spool.store(spec.payload()));
        } catch (IOException e) {
            future.complete(Outcome.rejected(
                    RejectReason.QUEUE_FULL,
                    "there is no room for the payload of task '" + spec.name() + "': " + e.getMessage()));
            return null;
        }
    }

    /** Any thread. */
    void cancel(TaskFuture future) {
        enter(() -> {
            if (future.taskId != 0) {
                loop.cancel(future.taskId);
            }
        });
    }

    private void enter(Runnable work) {
        inbox.add(work);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            loop.post(this::empty);
        }
    }

    private void empty() {
        awake.set(false);
        for (int taken = 0; taken < TAKEN_MAX; taken++) {
            Runnable work = inbox.poll();
            if (work == null) {
                return;
            }
            work.run();
        }
        if (awake.compareAndSet(false, true)) {
            loop.post(this::empty);
        }
    }

    private void enterTask(TaskFuture future, TaskSpec spec) {
        if (closed != null) {
            spec.payload().release();
            return;
        }
        loop.submit(client(), unfinished.add(future), spec);
    }

    private Client client() {
        Client known = client;
        if (known == null) {
            known = loop.open(OnDisconnect.KEEP, this, null);
            client = known;
        }
        return known;
    }

    /** Nothing more will come of anything. On the callback thread, after the pool's end. */
    void close(PoolException why) {
        closed = why;
        loop.eventLoop().execute(() -> {
            for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
                work.run();
            }
            for (TaskFuture future : unfinished.removeAll()) {
                callbacks.add(() -> future.completeExceptionally(why));
            }
            callbacks.flush();
        });
    }

    @Override
    public void accepted(Task task) {
        TaskFuture future = unfinished.get(task.correlation());
        if (future != null) {
            future.taskId = task.id();
        }
    }

    @Override
    public void rejected(long correlation, RejectReason reason, String message) {
        complete(correlation, Outcome.rejected(reason, message));
    }

    @Override
    public void progress(Task task, double fraction, String note) {
        // A future has no place for it; the service passes it on.
    }

    @Override
    public void completed(Task task, Outcome outcome) {
        if (outcome.payload().file() == null) {
            complete(task.correlation(), outcome);
            return;
        }
        TaskFuture future = unfinished.remove(task.correlation());
        if (future != null) {
            outcome.payload().hold();
            callbacks.add(() -> completeMapped(future, outcome));
        }
    }

    /** From here on the result is memory like any other, which goes when nobody looks at it any more. */
    private static void completeMapped(TaskFuture future, Outcome outcome) {
        try {
            outcome.payload().buffer();
            future.complete(outcome);
        } catch (UncheckedIOException e) {
            future.completeExceptionally(new PoolException("the result cannot be mapped: " + e.getCause(), e));
        } finally {
            outcome.payload().release();
        }
    }

    private void complete(long correlation, Outcome outcome) {
        TaskFuture future = unfinished.remove(correlation);
        if (future != null) {
            callbacks.add(() -> future.complete(outcome));
        }
    }
}
