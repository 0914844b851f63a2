package org.procpool.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.Wire;

/**
 * The client's life over its connections: the first one, the next after a loss or a GoAway, the end. Its monitor guards
 * the lists of connections and threads and who connects; it is never held while futures complete.
 */
final class Session {

    /** Where trying again would end the same way. */
    private static final Set<String> FATAL_CODES =
            Set.of("BAD_MAGIC", "VERSION", "FRAME_TOO_LARGE", "MALFORMED", "TRUNCATED", "UNAUTHENTICATED", "FORBIDDEN");

    private static final long JOIN_MILLIS = 5_000;
    /** A connection that lived so long was no accident: the next loss is met with an attempt at once. */
    private static final long LASTED_NANOS = 5_000_000_000L;

    private final ClientOptions options;
    private final Outbox outbox;
    private final List<Connection> connections = new ArrayList<>();
    private @Nullable Thread connector;
    private @Nullable ScheduledThreadPoolExecutor timer;
    /** All that may still live, so that closing leaves none: a connection is gone before its threads are. */
    private final List<Thread> threads = new ArrayList<>();

    private boolean closing;
    /** Between attempts; a new one begins when a connection has lasted. Guarded by the monitor. */
    private @Nullable Backoff backoff;
    /** Of the last connection; written by whoever connects, read by any thread. */
    private volatile ServerWelcomeFrame welcome;

    /** A thread of this client, on which nobody may wait for the client. */
    private static final class Worker extends Thread {
        private final Session owner;

        Worker(Session owner, String name, Runnable main) {
            super(main, name);
            this.owner = owner;
            setDaemon(true);
        }
    }

    private Session(ClientOptions options, Handshake.Opened first) {
        this.options = options;
        this.outbox = new Outbox(options.queueTasksMax(), options.queueBytesMax());
        this.welcome = first.welcome();
    }

    static Session open(ClientOptions options) {
        Handshake.Opened first = openAny(options, 0);
        Session session = new Session(options, first);
        session.install(first);
        return session;
    }

    /** Tries each address once, beginning with the one of that index. */
    private static Handshake.Opened openAny(ClientOptions options, int from) {
        List<HostPort> addresses = options.addresses();
        ClientHelloFrame hello = new ClientHelloFrame(
                Wire.CLIENT_MAGIC,
                Wire.PROTOCOL_VERSION,
                options.access().token(),
                options.clientName(),
                options.onDisconnect());
        ClientException failure = null;
        for (int i = 0; i < addresses.size(); i++) {
            HostPort address = addresses.get((from + i) % addresses.size());
            try {
                return Handshake.open(address, options.access(), hello, options.connectTimeout());
            } catch (ClientException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure == null ? new IllegalStateException("a client without an address") : failure;
    }

    private void install(Handshake.Opened opened) {
        welcome = opened.welcome();
        Connection connection = new Connection(this, outbox, opened);
        synchronized (this) {
            if (closing) {
                opened.link().close();
                return;
            }
            connections.add(connection);
            outbox.current(connection);
            connection.start();
        }
    }

    ServerWelcomeFrame welcome() {
        return welcome;
    }

    synchronized Thread thread(String role, Runnable main) {
        threads.removeIf(earlier -> earlier.getState() == Thread.State.TERMINATED);
        Thread thread = new Worker(this, options.clientName() + "-" + role, main);
        threads.add(thread);
        return thread;
    }

    private boolean isOwnThread() {
        return Thread.currentThread() instanceof Worker worker && worker.owner == this;
    }

    // Tasks.

    /** @param mayWait whether to wait for room, if this is not one of the client's own threads */
    void submit(Pending pending, boolean mayWait) {
        long payloadBytesMax = welcome.payloadBytesMax();
        if (pending.payloadBytes() > payloadBytesMax && payloadBytesMax > 0) {
            pending.endLocally(
                    OutcomeKind.REJECTED,
                    TaskResult.PAYLOAD_TOO_LARGE,
                    "task '" + pending.request.task() + "' was not sent: its payload has " + pending.payloadBytes()
                            + " bytes, the service's limit is " + payloadBytesMax);
            return;
        }
        Duration deadline = pending.request.deadline();
        if (!deadline.isZero()) {
            pending.deadline(expireAfter(deadline, pending));
        }
        TaskError refusal;
        try {
            refusal = outbox.put(pending, mayWait && !isOwnThread());
        } catch (ClientException e) {
            pending.forgetDeadline();
            throw e;
        }
        if (refusal != null) {
            pending.end(TaskResult.local(OutcomeKind.REJECTED, 0, refusal));
        }
    }

    boolean waitsForRoom() {
        return options.waitForRoom();
    }

    private Future<?> expireAfter(Duration deadline, Pending pending) {
        try {
            return timer().schedule(() -> call(() -> expire(pending)), deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw Outbox.closed(e);
        }
    }

    private synchronized ScheduledThreadPoolExecutor timer() {
        if (closing) {
            throw Outbox.closed(null);
        }
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, main -> thread("timer", main));
            timer.setRemoveOnCancelPolicy(true);
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        }
        return timer;
    }

    private void expire(Pending pending) {
        Outbox.Withdrawal withdrawal = outbox.withdraw(pending);
        String task = "task '" + pending.request.task() + "'";
        long millis = pending.request.deadline().toMillis();
        if (withdrawal.unsent()) {
            pending.endLocally(
                    OutcomeKind.EXPIRED,
                    TaskResult.DEADLINE,
                    task + " was not sent within its deadline of " + millis + " ms");
        } else if (!pending.isDone()) {
            cancelSent(pending, withdrawal.connection());
            pending.endLocally(
                    OutcomeKind.UNKNOWN,
                    TaskResult.DEADLINE,
                    task + " was sent, but no outcome came within its deadline of " + millis
                            + " ms; the service is asked to cancel it");
        }
    }

    void cancel(Pending pending) {
        Outbox.Withdrawal withdrawal = outbox.withdraw(pending);
        if (withdrawal.unsent()) {
            endWithdrawn(pending);
        } else {
            cancelSent(pending, withdrawal.connection());
        }
    }

    private void cancelSent(Pending pending, @Nullable Connection connection) {
        long taskId = pending.wantCancel();
        if (taskId != 0 && connection != null) {
            outbox.control(connection, new ClientCancelFrame(Questions.NOBODY, taskId));
        }
    }

    /** These could not be sent and cannot wait for another connection. */
    void endUnsent(List<Pending> unsent) {
        if (!unsent.isEmpty()) {
            call(() -> unsent.forEach(this::endUnsent));
        }
    }

    private void endUnsent(Pending pending) {
        if (pending.cancelWanted()) {
            endWithdrawn(pending);
        } else if (isClosing()) {
            endClosed(pending);
        } else {
            pending.endLocally(
                    OutcomeKind.REJECTED,
                    TaskResult.DISCONNECTED,
                    "task '" + pending.request.task() + "' was not sent: the connection was lost");
        }
    }

    private static void endWithdrawn(Pending pending) {
        pending.endLocally(
                OutcomeKind.CANCELLED,
                TaskResult.CANCELLED_LOCALLY,
                "task '" + pending.request.task() + "' was taken back before it was sent");
    }

    private static void endClosed(Pending pending) {
        pending.endLocally(
                OutcomeKind.REJECTED,
                TaskResult.CLIENT_CLOSED,
                "task '" + pending.request.task() + "' was not sent before the client was closed");
    }

    // Questions.

    CompletableFuture<TaskStatus> query(long taskId, long waitMillis) {
        CompletableFuture<TaskStatus> answer = new CompletableFuture<>();
        return ask(answer, q -> q.ask(answer), c -> new QueryFrame(c, taskId, waitMillis));
    }

    CompletableFuture<TaskStatus> cancel(long taskId) {
        CompletableFuture<TaskStatus> answer = new CompletableFuture<>();
        return ask(answer, q -> q.ask(answer), c -> new ClientCancelFrame(c, taskId));
    }

    CompletableFuture<Duration> ping() {
        CompletableFuture<Duration> answer = new CompletableFuture<>();
        return ask(answer, q -> q.ping(System.nanoTime(), answer), ClientPingFrame::new);
    }

    private <T> CompletableFuture<T> ask(
            CompletableFuture<T> answer, ToLongFunction<Questions> register, LongFunction<Frame> frame) {
        Connection connection = outbox.current();
        // Checked under the monitor that onEnded takes before it fails the questions: none is left unanswered.
        synchronized (this) {
            if (connection != null && connections.contains(connection)) {
                outbox.control(connection, frame.apply(register.applyAsLong(connection.questions)));
                return answer;
            }
        }
        answer.completeExceptionally(new ClientException(
                ClientException.CONNECTION_LOST, "there is no connection to " + options.addresses() + " right now"));
        return answer;
    }

    // Life of the connections.

    /** Reader: the service wants this connection to run dry. */
    void onGoAway(Connection connection, String reason) {
        outbox.drain(connection);
        if (outbox.current() != connection) {
            return;
        }
        if (options.reconnects() && options.addresses().size() > 1) {
            outbox.current(null);
            connectAgain(connection);
        } else {
            refuse(
                    TaskResult.DRAINING,
                    "the task was not sent: the service at " + connection.address + " drains"
                            + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    /** Last thread of the connection: it is gone. */
    void onEnded(Connection connection, ClientException cause) {
        boolean wasCurrent;
        boolean goOn;
        synchronized (this) {
            connections.remove(connection);
            wasCurrent = outbox.current() == connection;
            goOn = !closing;
            if (wasCurrent) {
                outbox.current(null);
            }
        }
        connection.questions.fail(cause);
        if (wasCurrent && goOn) {
            if (options.reconnects() && !FATAL_CODES.contains(cause.code())) {
                outbox.admit();
                connectAgain(connection);
            } else {
                refuse(TaskResult.DISCONNECTED, "the task was not sent: " + cause.getMessage());
            }
        }
        Pending[] lost;
        synchronized (connection.inFlight) {
            lost = connection.inFlight.removeAll();
        }
        long bytes = 0;
        for (Pending pending : lost) {
            bytes += pending.payloadBytes();
        }
        outbox.release(connection, lost.length, bytes);
        String why = goOn ? String.valueOf(cause.getMessage()) : "the client was closed";
        call(() -> {
            for (Pending pending : lost) {
                pending.endUnknown(why);
            }
        });
    }

    private void refuse(String type, String message) {
        TaskError reason = TaskError.of(type, message);
        List<Pending> waiting = outbox.refuse(reason);
        call(() -> waiting.forEach(pending -> pending.end(TaskResult.local(OutcomeKind.REJECTED, 0, reason))));
    }

    private synchronized void connectAgain(Connection last) {
        if (!closing && connector == null) {
            Backoff before = last.ageNanos() > LASTED_NANOS ? null : backoff;
            Backoff pauses = before == null ? new Backoff(ThreadLocalRandom.current()) : before;
            backoff = pauses;
            connector = thread("connector", () -> connectorMain(last.address, pauses, before == null));
            connector.start();
        }
    }

    /** @param atOnce whether the first attempt needs no pause: it does if connections break as soon as they are made */
    private void connectorMain(HostPort last, Backoff pauses, boolean atOnce) {
        int from = options.addresses().size() > 1 ? options.addresses().indexOf(last) + 1 : 0;
        long giveUpAt = System.nanoTime() + options.reconnectTimeout().toNanos();
        Handshake.Opened opened = null;
        ClientException failure = null;
        try {
            boolean again = atOnce || outbox.sleep(pauses.nextNanos());
            while (again && opened == null) {
                try {
                    opened = openAny(options, from);
                } catch (ClientException e) {
                    failure = e;
                    long pause = pauses.nextNanos();
                    again = !FATAL_CODES.contains(e.code())
                            && giveUpAt - System.nanoTime() > pause
                            && outbox.sleep(pause);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            connector = null;
        }
        if (opened != null) {
            install(opened);
        } else if (failure != null && !isClosing()) {
            refuse(
                    TaskResult.DISCONNECTED,
                    "the task was not sent: the connection to " + last + " was lost, and in "
                            + options.reconnectTimeout().toMillis() + " ms there was no other: "
                            + failure.getMessage());
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    /** See {@link PoolClient#close}. */
    void close() {
        boolean own = isOwnThread();
        outbox.close(own ? 0 : options.closeTimeout().toNanos());
        List<Thread> living;
        List<Connection> open;
        ScheduledThreadPoolExecutor stopped;
        synchronized (this) {
            closing = true;
            open = List.copyOf(connections);
            living = List.copyOf(threads);
            stopped = timer;
            if (connector != null) {
                connector.interrupt();
            }
        }
        open.forEach(Connection::close);
        if (stopped != null) {
            stopped.shutdownNow();
        }
        List<Pending> unsent = outbox.abandon();
        call(() -> unsent.forEach(Session::endClosed));
        if (!own) {
            join(living, stopped);
        }
    }

    private static void join(List<Thread> threads, @Nullable ScheduledThreadPoolExecutor timer) {
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MILLIS);
            }
            if (timer != null && !timer.awaitTermination(JOIN_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the client's timer did not end within " + JOIN_MILLIS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // The user's code.

    /** Runs what completes futures: on the executor if there is one, else here. */
    void call(Runnable callbacks) {
        if (options.executor() == null) {
            callbacks.run();
            return;
        }
        try {
            options.executor().execute(callbacks);
        } catch (RejectedExecutionException e) {
            // The user's executor has been shut down; an outcome is not lost for that.
            callbacks.run();
        }
    }

    /** A listener that throws must not take the connection down; its thread's handler hears of it. */
    static void runGuarded(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }
}
