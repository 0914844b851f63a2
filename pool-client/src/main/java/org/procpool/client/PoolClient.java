package org.procpool.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.procpool.codec.JsonCodec;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.proto.ServerWelcomeFrame;

/**
 * A client of the procpool service over TCP. Thread-safe; one is enough for a process.
 *
 * <p><b>Outcomes are values.</b> How a task ends, UNKNOWN and REJECTED included, is a {@link TaskResult}; a
 * {@link ClientException} says that the client could not do its part.
 *
 * <p><b>Threads.</b> Futures complete, and listeners are called, on the client's reader thread unless
 * {@link Builder#executor} names another place. Code on the reader thread must be short and never wait for this client;
 * {@code submit} there does not wait for room but fails with QUEUE_FULL.
 *
 * <p><b>Backpressure.</b> The service grants a window of tasks in flight. What is beyond it waits in a bounded local
 * queue; when that is full, {@code submit} waits, or fails if the builder says so.
 *
 * <p><b>Lost connections.</b> A task that was not sent waits for the next connection. One that was sent is UNKNOWN; its
 * error says whether it had been accepted. The client never sends a task twice.
 */
public final class PoolClient implements AutoCloseable {

    private final Session session;

    private PoolClient(Session session) {
        this.session = session;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What the service said about itself when it took the latest connection: version, limits, task names. */
    public ServerWelcomeFrame welcome() {
        return session.welcome();
    }

    public CompletableFuture<TaskResult> submit(String task, Payload payload) {
        return submit(TaskRequest.of(task, payload));
    }

    /**
     * Submits a task. Cancelling the future cancels the task.
     *
     * @throws ClientException QUEUE_FULL, CLOSED or INTERRUPTED; everything else is in the result
     */
    public CompletableFuture<TaskResult> submit(TaskRequest request) {
        Pending pending = new Pending(session, request, false, null, null);
        session.submit(pending, session.waitsForRoom());
        return pending;
    }

    public Submission start(TaskRequest request) {
        return start(request, null);
    }

    /**
     * As {@link #submit}, for callers who need the task's id, its progress or to cancel it.
     *
     * @throws ClientException QUEUE_FULL, CLOSED or INTERRUPTED; everything else is in the result
     */
    public Submission start(TaskRequest request, @Nullable ProgressListener progress) {
        Pending pending = new Pending(session, request, false, progress, new CompletableFuture<>());
        session.submit(pending, session.waitsForRoom());
        return new Submission(pending);
    }

    /**
     * Submits a task that outlives this connection; {@link #query} gets its outcome.
     *
     * @return its id; or {@link TaskFailedException} if it was not accepted
     * @throws ClientException QUEUE_FULL, CLOSED or INTERRUPTED
     */
    public CompletableFuture<Long> detach(TaskRequest request) {
        Pending pending = new Pending(session, request, true, null, new CompletableFuture<>());
        session.submit(pending, session.waitsForRoom());
        return pending.accepted();
    }

    /**
     * Submits a value as JSON and reads the answer as JSON.
     *
     * @return the answer; or {@link TaskFailedException}, or {@link org.procpool.codec.CodecException} if the answer is
     *     not of that type
     * @throws org.procpool.codec.CodecException if the value cannot be carried; nothing was sent then
     * @throws ClientException QUEUE_FULL, CLOSED or INTERRUPTED
     */
    public <T> CompletableFuture<T> call(String task, @Nullable Object value, Class<T> type) {
        long limit = session.welcome().payloadBytesMax();
        int payloadBytesMax = limit <= 0 || limit > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) limit;
        Payload payload = JsonCodec.encode(value, payloadBytesMax);
        return submit(task, payload).thenApply(result -> {
            if (!result.succeeded()) {
                throw new TaskFailedException(task, result);
            }
            return JsonCodec.decode(result.payload(), type);
        });
    }

    /**
     * Submits requests and hands over their results as they complete, on the calling thread, until all have ended. At
     * most two windows of tasks are under way or wait for {@code onResult}, however long the source and however slow
     * the taker. If either throws, the rest is cancelled.
     *
     * @throws ClientException CLOSED or INTERRUPTED
     */
    public void submitAll(Iterator<TaskRequest> requests, Consumer<? super Completion> onResult) {
        try (Batch batch = batch(requests)) {
            batch.forEachRemaining(onResult);
        }
    }

    /**
     * The same as a lazy stream, not parallel: requests are taken as results are. Closing it cancels what is under way.
     *
     * @throws ClientException CLOSED or INTERRUPTED, from the stream's operations
     */
    public Stream<Completion> stream(Stream<TaskRequest> requests) {
        Batch batch = batch(requests.iterator());
        Spliterator<Completion> results =
                Spliterators.spliteratorUnknownSize(batch, Spliterator.NONNULL | Spliterator.IMMUTABLE);
        return StreamSupport.stream(results, false).onClose(batch::close).onClose(requests::close);
    }

    private Batch batch(Iterator<TaskRequest> requests) {
        int window = Math.max(1, session.welcome().windowTasks());
        return new Batch(session, requests, (int) Math.min(2L * window, 1 << 20));
    }

    /**
     * Asks the service to end a task of any connection. The answer says where it stood.
     *
     * @return the answer; or {@link ClientException} CONNECTION_LOST
     */
    public CompletableFuture<TaskStatus> cancel(long taskId) {
        return session.cancel(taskId);
    }

    /**
     * Asks for the outcome of a detached task, or the state of any.
     *
     * @param wait how long the service may wait for the outcome before it answers with the state
     * @return the answer; or {@link ClientException} CONNECTION_LOST
     */
    public CompletableFuture<TaskStatus> query(long taskId, Duration wait) {
        return session.query(taskId, wait.toMillis());
    }

    /** Time to the service and back, its loop included; or {@link ClientException} CONNECTION_LOST. */
    public CompletableFuture<Duration> ping() {
        return session.ping();
    }

    /**
     * Takes no more tasks, waits for the results of those submitted, at most for the close time-out, and closes. What
     * has no result by then is UNKNOWN if it was sent, else REJECTED. No thread of the client is left, unless it is
     * called from a thread of the client: then it does not wait.
     */
    @Override
    public void close() {
        session.close();
    }

    /** What a client may be told; all but the address has a default. */
    public static final class Builder {

        private final List<HostPort> addresses = new ArrayList<>();
        private ClientAccess access = ClientAccess.NONE;
        private String clientName = "procpool-client";
        private OnDisconnect onDisconnect = OnDisconnect.CANCEL_QUEUED;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private boolean reconnects = true;
        private Duration reconnectTimeout = Duration.ofMinutes(1);
        private Duration closeTimeout = Duration.ofSeconds(10);
        private int queueTasksMax = 16 * 1024;
        private long queueBytesMax = 64L << 20;
        private boolean waitForRoom = true;
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Adds an address; the client uses one at a time and goes on to the next when it is lost or drains.
         *
         * @throws IllegalArgumentException if it is not HOST:PORT
         */
        public Builder address(String hostAndPort) {
            addresses.add(HostPort.parse(hostAndPort));
            return this;
        }

        /** TLS, certificate and token. Default {@link ClientAccess#NONE}. */
        public Builder access(ClientAccess value) {
            access = value;
            return this;
        }

        /** For the service's logs and the names of the client's threads. Default {@code procpool-client}. */
        public Builder clientName(String name) {
            clientName = name;
            return this;
        }

        /** What becomes of tasks when the connection is lost. Default CANCEL_QUEUED. */
        public Builder onDisconnect(OnDisconnect rule) {
            onDisconnect = rule;
            return this;
        }

        /** Of each attempt, from name look-up to Welcome. Default 5 s. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        /** Whether to connect again after a loss. Default true; without it, a loss REJECTs all that was not sent. */
        public Builder reconnect(boolean wanted) {
            reconnects = wanted;
            return this;
        }

        /** How long to try after a loss, with growing pauses of 50 ms to 5 s. Default 1 minute. */
        public Builder reconnectTimeout(Duration timeout) {
            reconnectTimeout = timeout;
            return this;
        }

        /** How long {@link PoolClient#close} waits for results. Default 10 s. */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = timeout;
            return this;
        }

        /** Bounds of the local queue, beyond the window in flight. Default 16,384 tasks and 64 MiB of payload. */
        public Builder queueLimit(int tasksMax, long bytesMax) {
            queueTasksMax = tasksMax;
            queueBytesMax = bytesMax;
            return this;
        }

        /** Whether {@code submit} waits while the local queue is full, or fails with QUEUE_FULL. Default true. */
        public Builder waitForRoom(boolean wanted) {
            waitForRoom = wanted;
            return this;
        }

        /** Where futures complete and listeners are called, a batch at a time. Default: on the reader thread. */
        public Builder executor(Executor place) {
            executor = place;
            return this;
        }

        /**
         * Connects to the first address that answers.
         *
         * @throws ClientException naming address and cause
         */
        public PoolClient connect() {
            return new PoolClient(Session.open(new ClientOptions(
                    addresses,
                    access,
                    clientName,
                    onDisconnect,
                    connectTimeout,
                    reconnects,
                    reconnectTimeout,
                    closeTimeout,
                    queueTasksMax,
                    queueBytesMax,
                    waitForRoom,
                    executor)));
        }
    }
}
