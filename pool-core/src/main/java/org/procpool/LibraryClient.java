package org.procpool;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
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

    private final PoolLoop loop;
    private final Callbacks callbacks;
    private final AtomicLong lastCorrelation = new AtomicLong();
    /** Filled by callers, emptied by the loop. */
    private final ConcurrentLinkedQueue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    /** Set by whoever wakes the loop, cleared by the loop before it looks into the inbox. */
    private final AtomicBoolean awake = new AtomicBoolean();
    /** Written by the loop, read by callers: why nothing can be submitted any more. */
    private volatile @Nullable PoolException closed;

    // Used on the loop only.
    private final LongObjectMap<Pending> pending = new LongObjectHashMap<>();
    private @Nullable Client client;

    /** A task on its way, from the caller's thread to its outcome. */
    private static final class Pending {

        final TaskFuture future;
        /** 0 until accepted. */
        long taskId;

        Pending(TaskFuture future) {
            this.future = future;
        }
    }

    LibraryClient(PoolLoop loop, Callbacks callbacks) {
        this.loop = loop;
        this.callbacks = callbacks;
    }

    /** Any thread. */
    TaskFuture submit(TaskSpec spec) {
        TaskFuture future = new TaskFuture(this, lastCorrelation.incrementAndGet());
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
    void cancel(long correlation) {
        enter(() -> {
            Pending task = pending.get(correlation);
            if (task != null && task.taskId != 0) {
                loop.cancel(task.taskId);
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
        for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
            work.run();
        }
    }

    private void enterTask(TaskFuture future, TaskSpec spec) {
        if (closed != null) {
            spec.payload().release();
            return;
        }
        pending.put(future.correlation(), new Pending(future));
        loop.submit(client(), future.correlation(), spec);
    }

    private Client client() {
        Client known = client;
        if (known == null) {
            known = loop.open(OnDisconnect.KEEP, this);
            client = known;
        }
        return known;
    }

    /** Nothing more will come of anything. On the callback thread, after the pool's end. */
    void close(PoolException why) {
        closed = why;
        loop.eventLoop().execute(() -> {
            empty();
            for (Pending task : pending.values()) {
                callbacks.add(() -> task.future.completeExceptionally(why));
            }
            pending.clear();
            callbacks.flush();
        });
    }

    @Override
    public void accepted(Task task) {
        Pending known = pending.get(task.correlation());
        if (known != null) {
            known.taskId = task.id();
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
        Pending known = pending.remove(task.correlation());
        if (known != null) {
            outcome.payload().hold();
            callbacks.add(() -> completeMapped(known.future, outcome));
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
        Pending known = pending.remove(correlation);
        if (known != null) {
            callbacks.add(() -> known.future.complete(outcome));
        }
    }
}
