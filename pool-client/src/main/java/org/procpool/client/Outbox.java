package org.procpool.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Frame;
import org.procpool.proto.TaskError;

/**
 * Tasks that wait to be sent, bounded in number and bytes, and the windows of the connections that send them. Filled by
 * any thread, emptied by the writer of the current connection. Everything here is guarded by one lock, held for a few
 * instructions a task; futures complete outside it.
 */
final class Outbox {

    /** Bytes of payload that one write gathers, unless the first task alone has more. */
    private static final int BATCH_BYTES = 256 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition settled = lock.newCondition();
    private final int tasksMax;
    private final long bytesMax;

    private final ArrayDeque<Pending> queue = new ArrayDeque<>(1024);
    private long queuedBytes;
    /** Of those in the queue, how many were taken back and are stepped over. */
    private int withdrawn;
    /** Of the threads that submit, how many wait for room. */
    private int waiting;
    /** Who sends; null while there is no connection to send on. */
    private @Nullable Connection current;
    /** What new submissions are answered with; null while they are taken. */
    private @Nullable TaskError refusal;

    private boolean closed;
    /** Unfinished tasks that were sent, over all connections. */
    private int inFlight;

    Outbox(int tasksMax, long bytesMax) {
        this.tasksMax = tasksMax;
        this.bytesMax = bytesMax;
    }

    /** The part of a connection's state that decides what may be sent on it. Guarded by the outbox's lock. */
    static final class Window {
        private final Condition work;
        private final int tasksMax;
        private final long bytesMax;
        private final List<Frame> control = new ArrayList<>();
        private int tasks;
        private long bytes;
        private boolean draining;
        private boolean stopped;
        private boolean idle;

        private Window(Condition work, int tasksMax, long bytesMax) {
            this.work = work;
            this.tasksMax = tasksMax;
            this.bytesMax = bytesMax;
        }

        /** One task always fits, however large. */
        private boolean fits(Pending pending) {
            return tasks == 0 || tasks < tasksMax && bytes + pending.payloadBytes() <= bytesMax;
        }
    }

    Window window(int tasks, long bytes) {
        return new Window(lock.newCondition(), Math.max(1, tasks), Math.max(1, bytes));
    }

    /**
     * Appends a task.
     *
     * @param mayWait whether to wait while the queue is full
     * @return null, or the reason why it is refused
     * @throws ClientException QUEUE_FULL, CLOSED or INTERRUPTED
     */
    @Nullable
    TaskError put(Pending pending, boolean mayWait) {
        lock.lock();
        try {
            if (isFull(pending)) {
                if (!mayWait) {
                    throw full(pending);
                }
                awaitRoom(pending);
            }
            if (closed) {
                throw closed(null);
            }
            if (refusal != null) {
                return refusal;
            }
            pending.queued = true;
            queue.addLast(pending);
            queuedBytes += pending.payloadBytes();
            if (current != null) {
                wake(current.window);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    static ClientException closed(@Nullable Throwable cause) {
        return new ClientException(ClientException.CLOSED, "the client is closed", cause);
    }

    private boolean isFull(Pending pending) {
        int tasks = queue.size() - withdrawn;
        return !closed
                && refusal == null
                && tasks > 0
                && (tasks >= tasksMax || queuedBytes + pending.payloadBytes() > bytesMax);
    }

    private ClientException full(Pending pending) {
        return new ClientException(
                ClientException.QUEUE_FULL,
                "task '" + pending.request.task() + "' was not sent: " + (queue.size() - withdrawn) + " tasks and "
                        + queuedBytes + " bytes wait already, the limits are " + tasksMax + " and " + bytesMax);
    }

    private void awaitRoom(Pending pending) {
        waiting++;
        try {
            while (isFull(pending)) {
                room.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ClientException.INTERRUPTED, "interrupted while waiting for room to submit", e);
        } finally {
            waiting--;
        }
    }

    private static void wake(Window window) {
        if (window.idle) {
            window.idle = false;
            window.work.signal();
        }
    }

    /** Sends a frame that is not a task. Dropped if the connection is gone. */
    void control(Connection connection, Frame frame) {
        lock.lock();
        try {
            if (!connection.window.stopped) {
                connection.window.control.add(frame);
                wake(connection.window);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writer: waits for something to send.
     *
     * @param tasks is filled from its beginning
     * @param control is appended to
     * @return how many tasks; -1 when the connection has stopped
     */
    int take(Connection connection, Pending[] tasks, List<Frame> control) throws InterruptedException {
        Window window = connection.window;
        lock.lock();
        try {
            while (!window.stopped) {
                int count = current == connection && !window.draining ? fill(connection, tasks) : 0;
                control.addAll(window.control);
                window.control.clear();
                if (count > 0 || !control.isEmpty()) {
                    return count;
                }
                window.idle = true;
                window.work.await();
            }
            return -1;
        } finally {
            lock.unlock();
        }
    }

    private int fill(Connection connection, Pending[] tasks) {
        Window window = connection.window;
        int count = 0;
        long bytes = 0;
        Pending next = queue.peekFirst();
        while (next != null && count < tasks.length && bytes < BATCH_BYTES) {
            if (!next.queued) {
                withdrawn--;
                queue.removeFirst();
            } else if (window.fits(next)) {
                queue.removeFirst();
                next.queued = false;
                next.connection = connection;
                window.tasks++;
                window.bytes += next.payloadBytes();
                bytes += next.payloadBytes();
                tasks[count++] = next;
            } else {
                break;
            }
            next = queue.peekFirst();
        }
        queuedBytes -= bytes;
        inFlight += count;
        signalRoom();
        return count;
    }

    /** Below half, so that those who wait are not woken for every single place. */
    private void signalRoom() {
        if (waiting > 0 && queue.size() - withdrawn <= tasksMax / 2 && queuedBytes <= bytesMax / 2) {
            room.signalAll();
        }
    }

    /** Writer: these went back unsent; they are the next to go elsewhere, in their order. */
    List<Pending> putBack(Connection connection, Pending[] tasks, int from, int to) {
        List<Pending> refused = new ArrayList<>();
        lock.lock();
        try {
            for (int i = to - 1; i >= from; i--) {
                Pending pending = tasks[i];
                leave(connection.window, 1, pending.payloadBytes());
                pending.connection = null;
                if (closed || refusal != null || pending.cancelWanted()) {
                    refused.add(0, pending);
                } else {
                    pending.queued = true;
                    queue.addFirst(pending);
                    queuedBytes += pending.payloadBytes();
                }
            }
        } finally {
            lock.unlock();
        }
        return refused;
    }

    /** Reader: so many sent tasks have ended, or need no window any more. */
    void release(Connection connection, int tasks, long bytes) {
        lock.lock();
        try {
            leave(connection.window, tasks, bytes);
            if (!queue.isEmpty()) {
                wake(connection.window);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(Window window, int tasks, long bytes) {
        window.tasks -= tasks;
        window.bytes -= bytes;
        inFlight -= tasks;
        signalSettled();
    }

    private void signalSettled() {
        if (closed && isSettled()) {
            settled.signalAll();
        }
    }

    private boolean isSettled() {
        return inFlight == 0 && queue.size() == withdrawn;
    }

    /** Takes a task back if it still waits. Else answers the connection that it was sent on, if any. */
    Withdrawal withdraw(Pending pending) {
        lock.lock();
        try {
            if (!pending.queued) {
                return new Withdrawal(false, pending.connection);
            }
            pending.queued = false;
            queuedBytes -= pending.payloadBytes();
            withdrawn++;
            if (withdrawn > 64 && withdrawn > queue.size() / 2) {
                queue.removeIf(waiter -> !waiter.queued);
                withdrawn = 0;
            }
            signalRoom();
            signalSettled();
            return new Withdrawal(true, null);
        } finally {
            lock.unlock();
        }
    }

    record Withdrawal(boolean unsent, @Nullable Connection connection) {}

    /** From now on this connection sends; null = none does. */
    void current(@Nullable Connection connection) {
        lock.lock();
        try {
            current = connection;
            if (connection != null) {
                refusal = null;
                wake(connection.window);
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Connection current() {
        lock.lock();
        try {
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** New submissions wait for a connection again. */
    void admit() {
        lock.lock();
        try {
            refusal = null;
        } finally {
            lock.unlock();
        }
    }

    /** From now on new submissions are answered with this, those that wait are handed over to get the same. */
    List<Pending> refuse(TaskError reason) {
        lock.lock();
        try {
            refusal = reason;
            return clear();
        } finally {
            lock.unlock();
        }
    }

    private List<Pending> clear() {
        List<Pending> cleared = new ArrayList<>(queue.size());
        for (Pending pending : queue) {
            if (pending.queued) {
                pending.queued = false;
                cleared.add(pending);
            }
        }
        queue.clear();
        queuedBytes = 0;
        withdrawn = 0;
        room.signalAll();
        signalSettled();
        return cleared;
    }

    /** No task is sent on this connection any more; those in flight may end. */
    void drain(Connection connection) {
        lock.lock();
        try {
            connection.window.draining = true;
        } finally {
            lock.unlock();
        }
    }

    /** Its writer ends. */
    void stop(Connection connection) {
        lock.lock();
        try {
            connection.window.stopped = true;
            connection.window.work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** New submissions fail from now on; waits until all that was submitted has ended, but not longer than this. */
    void close(long timeoutNanos) {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            long left = timeoutNanos;
            while (!isSettled() && left > 0) {
                left = settled.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Hands over what still waits when the client has closed. */
    List<Pending> abandon() {
        lock.lock();
        try {
            return clear();
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless the client closes before. */
    boolean sleep(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = room.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
