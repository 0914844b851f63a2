package org.procpool;

import io.netty.channel.EventLoopGroup;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.GroupOptions;
import org.procpool.cgroup.GroupState;
import org.procpool.codec.JsonCodec;
import org.procpool.link.Transport;
import org.procpool.process.Confinement;
import org.procpool.process.Enclosure;
import org.procpool.process.MemoryPlan;
import org.procpool.proto.Payload;
import org.procpool.task.ExecTask;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/**
 * Runs tasks in worker processes: what ProcessPoolExecutor is to other languages. A task that crashes its JVM costs
 * itself and nothing else; each ends in exactly one {@link Outcome}.
 *
 * <pre>{@code
 * try (ProcessPool pool = ProcessPool.builder().workers(4).providers(MyHandlers.class).build()) {
 *     Outcome outcome = pool.submit("thumbnail", Files.readAllBytes(image)).get();
 * }
 * }</pre>
 *
 * <p>All methods may be called by any thread.
 */
public final class ProcessPool implements AutoCloseable {

    private final PoolOptions options;
    private final EventLoopGroup group;
    private final Foundation foundation;
    private final RollingRestarts restarts;
    private final Callbacks callbacks;
    private final PoolLoop loop;
    private final LibraryClient client;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ProcessPool(Foundation foundation, PoolListener listener, @Nullable Executor executor) {
        this.options = foundation.options();
        this.foundation = foundation;
        this.group = Transport.best().loops(1, options.name() + "-loop");
        this.callbacks = new Callbacks(options.name(), executor);
        this.loop = new PoolLoop(foundation, group.next(), callbacks, listener);
        this.restarts = new RollingRestarts(options.name(), foundation.releases(), foundation.handlers(), loop);
        this.client = new LibraryClient(loop, callbacks);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a task.
     *
     * @return completes with the outcome, whatever it is; exceptionally only with {@link PoolException}, when the pool
     *     itself is at its end
     */
    public CompletableFuture<Outcome> submit(TaskSpec task) {
        return client.submit(task);
    }

    /** Runs the named task on those bytes, which the caller does not change any more. */
    public CompletableFuture<Outcome> submit(String task, byte[] payload) {
        return submit(TaskSpec.of(task, Payload.of(payload)));
    }

    /** Runs the named task on that text, in UTF-8. */
    public CompletableFuture<Outcome> submit(String task, String payload) {
        return submit(TaskSpec.of(task, Payload.of(payload)));
    }

    /**
     * Calls a typed handler: the argument travels as JSON and so does the result.
     *
     * @return completes exceptionally with {@link TaskFailedException} if the task does not succeed
     * @throws org.procpool.codec.CodecException at once, before anything is sent, if the argument cannot be carried
     */
    public <T> CompletableFuture<T> call(String task, Object argument, Class<T> type) {
        Payload payload = JsonCodec.encode(argument, options.payloadBytesMax());
        return submit(TaskSpec.of(task, payload)).thenApply(outcome -> {
            if (!outcome.succeeded()) {
                throw new TaskFailedException(task, outcome);
            }
            return JsonCodec.decode(outcome.payload(), type);
        });
    }

    /**
     * What the pool is doing now. Waits for the loop, some microseconds.
     *
     * @throws PoolException if the pool is closed
     */
    public PoolSnapshot snapshot() {
        CompletableFuture<PoolSnapshot> snapshot = new CompletableFuture<>();
        try {
            loop.eventLoop().execute(() -> {
                snapshot.complete(loop.snapshot());
                // Else the next event would be given the time of this one.
                loop.endTurn();
            });
        } catch (RejectedExecutionException e) {
            throw new PoolException("pool '" + options.name() + "' is closed", e);
        }
        return snapshot.join();
    }

    /** How the memory was divided at the start; null if the workers are not Java. */
    public @Nullable MemoryPlan memory() {
        return foundation.memory();
    }

    /** What control groups do for the workers, or why they have none. */
    public GroupState groups() {
        return foundation.groups().state();
    }

    /**
     * So many workers serve from now on. More are launched at once; those that are too many finish what they run and
     * leave. Without effect once the pool is shutting down.
     *
     * @param workers from 1; at most 1024 with the spares, and as the elasticity allows, which goes on from there
     * @throws IllegalArgumentException if it is out of that range, or the memory does not suffice for so many
     */
    public void scale(int workers) {
        options.elasticity().checkScale(workers, options.workers(), options.spares());
        MemoryShares.checkScale(options, foundation.memory(), workers);
        loop.post(() -> loop.scale(workers));
    }

    /** Starts nothing more, though tasks are accepted, until {@link #resume}; a drain resumes it too. */
    public void pause() {
        loop.post(() -> loop.pause(true));
    }

    /** Ends a {@link #pause}. */
    public void resume() {
        loop.post(() -> loop.pause(false));
    }

    /**
     * Replaces all workers, one by one, each when its successor is ready, so that as many serve all the while and no
     * task is lost. The handlers are read anew. If the first worker with them does not become ready, the others stay.
     *
     * @return completes when all workers are replaced, or stay; exceptionally with {@link PoolException} if the
     *     handlers cannot be read, another such restart is under way, or the pool is shutting down or has ended
     */
    public CompletableFuture<PoolListener.PoolRolled> restart() {
        return restarts.next();
    }

    /** Holds back tasks of one name. */
    public TaskQuarantine quarantine() {
        return new TaskQuarantine(options.name(), loop);
    }

    /**
     * Replaces one worker, with the handlers that it has: when its successor is ready and nobody else is on the way
     * out, it gets nothing new, finishes the task that it runs, and leaves.
     *
     * @param worker its number, which is its place in the pool, from 1
     * @return completes when that is noted; with false if no such worker is ready, or the pool is shutting down;
     *     exceptionally with {@link PoolException} if it has ended or broken
     */
    public CompletableFuture<Boolean> restart(int worker) {
        CompletableFuture<Boolean> noted = new CompletableFuture<>();
        loop.post(() -> noted.complete(loop.replace(worker)), () -> restarts.tooLate(noted));
        return noted;
    }

    /**
     * Takes no more tasks, finishes those it has within the time given, cancels the rest, and lets every worker go.
     *
     * @return completes when nothing is left running
     */
    public CompletableFuture<Void> drain(Duration timeout) {
        long nanos = timeout.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE / 4 : timeout.toNanos();
        loop.post(() -> loop.drain(nanos));
        return terminated();
    }

    /**
     * Ends everything at once: waiting tasks are cancelled, workers killed.
     *
     * @return completes when nothing is left running
     */
    public CompletableFuture<Void> stop() {
        loop.post(loop::stop);
        return terminated();
    }

    /** Completes when nothing is left running; exceptionally if the pool broke. */
    public CompletableFuture<Void> terminated() {
        return loop.terminated().copy();
    }

    /** For those who share the pool's loop. */
    public PoolPort port() {
        return loop;
    }

    public PoolOptions options() {
        return options;
    }

    /**
     * Drains within the options' drain time-out and waits for it; an interrupt turns that into {@link #stop}. Once is
     * enough, twice does no harm.
     */
    @Override
    public void close() {
        await(drain(Duration.ofNanos(options.drainTimeoutNanos())));
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }

    private void await(CompletableFuture<Void> end) {
        boolean interrupted = false;
        while (true) {
            try {
                end.get();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                stop();
            } catch (ExecutionException e) {
                // It broke, and has said so; there is nothing left to wait for.
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        client.close(new PoolException("pool '" + options.name() + "' is closed"));
        foundation.archive().close();
        loop.server().close();
        loop.eventLoop().submit(callbacks::end).awaitUninterruptibly();
        callbacks.awaitEnd();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        restarts.close();
        foundation.close();
    }

    private void start() {
        loop.post(loop::start);
        try {
            loop.started().get();
        } catch (InterruptedException e) {
            await(stop());
            release();
            Thread.currentThread().interrupt();
            throw new PoolException("pool '" + options.name() + "': the start was interrupted", e);
        } catch (ExecutionException e) {
            await(terminated());
            release();
            throw e.getCause() instanceof PoolException known
                    ? known
                    : new PoolException("pool '" + options.name() + "': cannot start", e);
        }
    }

    /** Collects what a pool is to be. Not thread-safe. */
    public static final class Builder {

        private PoolOptions options = PoolOptions.defaults();
        private PoolListener listener = new PoolListener() {};
        private @Nullable Executor executor;

        private Builder() {}

        /** All options at once. */
        public Builder options(PoolOptions value) {
            options = value;
            return this;
        }

        /** Changes some of the options, for example {@code o -> o.withQueueTasksMax(1000)}. */
        public Builder with(UnaryOperator<PoolOptions> change) {
            options = change.apply(options);
            return this;
        }

        public Builder name(String value) {
            return with(o -> o.withName(value));
        }

        public Builder workers(int value) {
            return with(o -> o.withWorkers(value));
        }

        /**
         * Jars and directories to load handlers from, found by the service loader unless {@link #providers} are named.
         */
        public Builder handlers(Path... classPath) {
            return with(o -> o.withHandlers(List.of(classPath)));
        }

        /** Classes of this program that implement HandlerProvider. Its whole class path goes to the workers, apart. */
        public Builder providers(Class<?>... classes) {
            List<Path> classPath = Arrays.stream(
                            System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(entry -> !entry.isEmpty())
                    .map(entry -> Path.of(entry).toAbsolutePath())
                    // A JVM passes over what is not there, and build tools do name directories that were never made.
                    .filter(Files::exists)
                    .toList();
            List<String> names = Arrays.stream(classes).map(Class::getName).toList();
            return with(o -> o.withProviders(names).withHandlers(classPath));
        }

        /**
         * A task that is a command, run once for each task of that name, without a shell: its standard input is the
         * payload, its standard output the result. Without {@link #handlers} the pool has such tasks only.
         */
        public Builder exec(String task, String... command) {
            return with(o -> o.withPrograms(o.programs().withExec(new ExecTask(task, List.of(command)))));
        }

        /** The program that each worker is, with its arguments; it speaks the worker protocol. */
        public Builder workerCommand(String... command) {
            return with(o -> o.withPrograms(o.programs().withWorkerCommand(List.of(command))));
        }

        /** Keeps the workers apart: another user, a sandbox. */
        public Builder confinement(Confinement value) {
            return with(o -> o.withPrograms(o.programs().withConfinement(value)));
        }

        /**
         * What a worker and all that it starts may have in memory before the kernel kills it, where workers can have
         * control groups of their own; elsewhere it bounds their heap.
         */
        public Builder workerMemory(long bytesMax) {
            return with(o -> o.withPrograms(o.programs().withGroups(GroupOptions.memory(bytesMax))));
        }

        public Builder runTimeout(Duration value) {
            return with(o -> o.withRunTimeoutNanos(value.toNanos()));
        }

        public Builder grace(Duration value) {
            return with(o -> o.withGraceNanos(value.toNanos()));
        }

        public Builder drainTimeout(Duration value) {
            return with(o -> o.withDrainTimeoutNanos(value.toNanos()));
        }

        public Builder listener(PoolListener value) {
            listener = value;
            return this;
        }

        /** Where futures complete and listeners are called; by default a thread of the pool's own. */
        public Builder executor(Executor value) {
            executor = value;
            return this;
        }

        /**
         * Starts the pool and waits until its first worker is ready.
         *
         * @throws IllegalArgumentException if an option is out of its range, or contradicts another
         * @throws PoolException if the pool cannot start, with what its last worker said
         */
        public ProcessPool build() {
            options.check();
            Enclosure enclosure = Enclosure.of(options.programs().confinement());
            ProcessPool pool = new ProcessPool(Foundation.lay(options, enclosure), listener, executor);
            Path socket = pool.foundation.directory().socket();
            try {
                pool.loop.server().bind(Transport.best(), pool.loop.eventLoop(), socket);
                enclosure.give(socket);
            } catch (IOException e) {
                pool.release();
                throw new PoolException("pool '" + options.name() + "': " + e.getMessage(), e);
            }
            pool.start();
            return pool;
        }
    }
}
