package org.procpool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.procpool.conductor.ConductorOptions;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerArchive;
import org.procpool.task.Durations;
import org.procpool.task.Routing;

/**
 * What a pool is to be. Immutable; made from {@link #defaults()} with the {@code with…} methods. Times in nanoseconds,
 * sizes in bytes.
 *
 * @param name for threads, logs and messages
 * @param workers 1..1024
 * @param queueTasksMax tasks that may wait, from 1
 * @param queueBytesMax payload bytes that may wait
 * @param payloadBytesMax largest payload of a task or a result, 1 B to 1 GiB
 * @param runTimeoutNanos run limit of tasks that have none of their own; 0 = none
 * @param graceNanos from the interrupt of a task to the kill of its worker
 * @param bootTimeoutNanos from a worker's launch to Ready
 * @param bootAttempts boots that fail in a row, with no worker ready, before the pool gives up
 * @param disconnectGraceNanos from a client's vanishing to the cancelling of its tasks
 * @param drainTimeoutNanos how long {@link ProcessPool#close} lets tasks finish
 * @param runDirectory for sockets; it must be possible to make it mode 0700
 * @param java executable for the workers
 * @param workerJvmArgs added to the defaults, so they win
 * @param handlers class path of the handlers: jars, directories of classes, directories of jars
 * @param providers names of classes that implement HandlerProvider; empty = those that the service loader finds
 * @param archive whether workers boot from an archive of their classes, made at the first use
 * @param cacheDirectory for that archive; one that cannot be used costs boot time, no more
 */
public record PoolOptions(
        String name,
        int workers,
        Routing routing,
        int queueTasksMax,
        long queueBytesMax,
        int payloadBytesMax,
        long runTimeoutNanos,
        long graceNanos,
        long bootTimeoutNanos,
        int bootAttempts,
        long disconnectGraceNanos,
        long drainTimeoutNanos,
        Path runDirectory,
        Path java,
        List<String> workerJvmArgs,
        List<Path> handlers,
        List<String> providers,
        boolean archive,
        Path cacheDirectory) {

    private static final int PAYLOAD_BYTES_MAX = 1 << 30;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public PoolOptions {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a pool needs a name");
        }
        if (payloadBytesMax > PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "max-payload is " + payloadBytesMax + ", allowed is 1.." + PAYLOAD_BYTES_MAX);
        }
        if (drainTimeoutNanos < 0) {
            throw new IllegalArgumentException(
                    "drain-timeout is " + Durations.format(drainTimeoutNanos) + ", it must not be negative");
        }
        workerJvmArgs = List.copyOf(workerJvmArgs);
        handlers = List.copyOf(handlers);
        providers = List.copyOf(providers);
    }

    public static PoolOptions defaults() {
        return new PoolOptions(
                "pool",
                Runtime.getRuntime().availableProcessors(),
                Routing.LEAST_BUSY,
                100_000,
                256L << 20,
                64 << 20,
                0,
                TimeUnit.SECONDS.toNanos(2),
                TimeUnit.SECONDS.toNanos(20),
                3,
                TimeUnit.SECONDS.toNanos(2),
                TimeUnit.SECONDS.toNanos(25),
                RunDirectory.defaultBase(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of(),
                List.of(),
                List.of(),
                true,
                WorkerArchive.defaultDirectory());
    }

    /** The conductor's share, checked. */
    ConductorOptions conductor() {
        return new ConductorOptions(
                workers,
                routing,
                queueTasksMax,
                queueBytesMax,
                payloadBytesMax,
                runTimeoutNanos,
                graceNanos,
                bootTimeoutNanos,
                bootAttempts,
                disconnectGraceNanos,
                false);
    }

    /**
     * Checks what can only be checked against this machine.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    void checkFiles() {
        for (Path handler : handlers) {
            if (!Files.exists(handler)) {
                throw new IllegalArgumentException(
                        "the handlers " + handler + " do not exist; give a jar or a directory");
            }
        }
    }

    public PoolOptions withName(String value) {
        return with(draft -> draft.name = value);
    }

    public PoolOptions withWorkers(int value) {
        return with(draft -> draft.workers = value);
    }

    public PoolOptions withRouting(Routing value) {
        return with(draft -> draft.routing = value);
    }

    public PoolOptions withQueueTasksMax(int value) {
        return with(draft -> draft.queueTasksMax = value);
    }

    public PoolOptions withQueueBytesMax(long value) {
        return with(draft -> draft.queueBytesMax = value);
    }

    public PoolOptions withPayloadBytesMax(int value) {
        return with(draft -> draft.payloadBytesMax = value);
    }

    public PoolOptions withRunTimeoutNanos(long value) {
        return with(draft -> draft.runTimeoutNanos = value);
    }

    public PoolOptions withGraceNanos(long value) {
        return with(draft -> draft.graceNanos = value);
    }

    public PoolOptions withBootTimeoutNanos(long value) {
        return with(draft -> draft.bootTimeoutNanos = value);
    }

    public PoolOptions withBootAttempts(int value) {
        return with(draft -> draft.bootAttempts = value);
    }

    public PoolOptions withDisconnectGraceNanos(long value) {
        return with(draft -> draft.disconnectGraceNanos = value);
    }

    public PoolOptions withDrainTimeoutNanos(long value) {
        return with(draft -> draft.drainTimeoutNanos = value);
    }

    public PoolOptions withRunDirectory(Path value) {
        return with(draft -> draft.runDirectory = value);
    }

    public PoolOptions withJava(Path value) {
        return with(draft -> draft.java = value);
    }

    public PoolOptions withWorkerJvmArgs(List<String> value) {
        return with(draft -> draft.workerJvmArgs = value);
    }

    public PoolOptions withHandlers(List<Path> value) {
        return with(draft -> draft.handlers = value);
    }

    public PoolOptions withProviders(List<String> value) {
        return with(draft -> draft.providers = value);
    }

    public PoolOptions withArchive(boolean value) {
        return with(draft -> draft.archive = value);
    }

    public PoolOptions withCacheDirectory(Path value) {
        return with(draft -> draft.cacheDirectory = value);
    }

    private PoolOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.options();
    }

    /** The options while one of them changes. */
    private static final class Draft {

        private String name;
        private int workers;
        private Routing routing;
        private int queueTasksMax;
        private long queueBytesMax;
        private int payloadBytesMax;
        private long runTimeoutNanos;
        private long graceNanos;
        private long bootTimeoutNanos;
        private int bootAttempts;
        private long disconnectGraceNanos;
        private long drainTimeoutNanos;
        private Path runDirectory;
        private Path java;
        private List<String> workerJvmArgs;
        private List<Path> handlers;
        private List<String> providers;
        private boolean archive;
        private Path cacheDirectory;

        Draft(PoolOptions from) {
            name = from.name;
            workers = from.workers;
            routing = from.routing;
            queueTasksMax = from.queueTasksMax;
            queueBytesMax = from.queueBytesMax;
            payloadBytesMax = from.payloadBytesMax;
            runTimeoutNanos = from.runTimeoutNanos;
            graceNanos = from.graceNanos;
            bootTimeoutNanos = from.bootTimeoutNanos;
            bootAttempts = from.bootAttempts;
            disconnectGraceNanos = from.disconnectGraceNanos;
            drainTimeoutNanos = from.drainTimeoutNanos;
            runDirectory = from.runDirectory;
            java = from.java;
            workerJvmArgs = from.workerJvmArgs;
            handlers = from.handlers;
            providers = from.providers;
            archive = from.archive;
            cacheDirectory = from.cacheDirectory;
        }

        PoolOptions options() {
            return new PoolOptions(
                    name,
                    workers,
                    routing,
                    queueTasksMax,
                    queueBytesMax,
                    payloadBytesMax,
                    runTimeoutNanos,
                    graceNanos,
                    bootTimeoutNanos,
                    bootAttempts,
                    disconnectGraceNanos,
                    drainTimeoutNanos,
                    runDirectory,
                    java,
                    workerJvmArgs,
                    handlers,
                    providers,
                    archive,
                    cacheDirectory);
        }
    }
}
