package org.procpool;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.procpool.conductor.ClientLimits;
import org.procpool.conductor.ConductorOptions;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.PoisonLimits;
import org.procpool.conductor.WorkerLimits;
import org.procpool.process.ProgramOptions;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerArchive;
import org.procpool.recorder.RecorderOptions;
import org.procpool.spool.SpoolOptions;
import org.procpool.task.Durations;
import org.procpool.task.Routing;

/**
 * What a pool is to be. Immutable; made from {@link #defaults()} with the {@code with…} methods. Times in nanoseconds,
 * sizes in bytes.
 *
 * @param name for threads, logs and messages
 * @param workers 1..1024
 * @param spares workers kept booted beyond those, to take the place of one that dies; 0..1024 together with workers
 * @param queueTasksMax tasks that may wait, from 1
 * @param queueBytesMax payload bytes that may wait
 * @param payloadBytesMax largest payload of a task or a result, from 1 B to 128 KiB below 2 GiB
 * @param prefetchMax most tasks that a worker is handed at once, from 1 to half the recorder's claims; how many of them
 *     it is depends on how long its tasks run
 * @param runTimeoutNanos run limit of tasks that have none of their own; 0 = none
 * @param graceNanos from the interrupt of a task to the kill of its worker; not longer than the run limit, if there is
 *     one
 * @param patienceNanos how long a task may wait, unstarted, at a worker before it is taken back, at most the hang
 *     time-out; 0 = for ever
 * @param bootTimeoutNanos from a worker's launch to Ready
 * @param hangTimeoutNanos how long a worker may be silent, stopped or without using processor time, before it is
 *     killed, from 1 s; 0 = for ever
 * @param writeTimeoutNanos how long a worker may take nothing of what was sent to it
 * @param bootAttempts boots that fail in a row, with no worker ready, before the pool gives up
 * @param restartsMax workers that may be replaced in a restart window because they died, from 1; beyond it the pool is
 *     DEGRADED
 * @param restartWindowNanos the span that those are counted over, from 1 s
 * @param disconnectGraceNanos from a client's vanishing to the cancelling of its tasks
 * @param limits when a worker is replaced though nothing is wrong with it
 * @param elasticity between which numbers of workers the pool moves by itself; workers is what it starts with
 * @param poison when a kind of task is held back because it kills worker after worker
 * @param clients how much of the pool one client may take up; the program that has it built is one
 * @param drainTimeoutNanos how long {@link ProcessPool#close} lets tasks finish
 * @param runDirectory for sockets; it must be possible to make it mode 0700
 * @param java executable for the workers
 * @param workerJvmArgs added to the defaults, so they win
 * @param handlers class path of the handlers: jars, directories of classes, directories of jars
 * @param providers names of classes that implement HandlerProvider; empty = those that the service loader finds
 * @param programs tasks that are commands, and workers that are not Java
 * @param archive whether workers boot from an archive of their classes, made at the first use
 * @param cacheDirectory for that archive; one that cannot be used costs boot time, no more
 * @param recorder whether each worker has a flight recorder; without it a worker is handed one task at a time
 * @param recorderOptions sizes of the flight recorders
 * @param memoryDirectory for the flight recorders; in a memory file system
 * @param spool which payloads lie in files; they need the flight recorder's directory
 * @param autopsiesMax reports of dead workers that are kept, 0..10000
 */
public record PoolOptions(
        String name,
        int workers,
        int spares,
        Routing routing,
        int queueTasksMax,
        long queueBytesMax,
        int payloadBytesMax,
        int prefetchMax,
        long runTimeoutNanos,
        long graceNanos,
        long patienceNanos,
        long bootTimeoutNanos,
        long hangTimeoutNanos,
        long writeTimeoutNanos,
        int bootAttempts,
        int restartsMax,
        long restartWindowNanos,
        long disconnectGraceNanos,
        WorkerLimits limits,
        Elasticity elasticity,
        PoisonLimits poison,
        ClientLimits clients,
        long drainTimeoutNanos,
        Path runDirectory,
        Path java,
        List<String> workerJvmArgs,
        List<Path> handlers,
        List<String> providers,
        ProgramOptions programs,
        boolean archive,
        Path cacheDirectory,
        boolean recorder,
        RecorderOptions recorderOptions,
        Path memoryDirectory,
        SpoolOptions spool,
        int autopsiesMax) {

    /** With what is around it, the largest array and the largest mapping that Java has. */
    private static final int PAYLOAD_BYTES_MAX = Integer.MAX_VALUE - 128 * 1024;

    private static final int AUTOPSIES_MAX = 10_000;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * Checks the ranges. What contradicts another option is checked when the pool is built, since the options come one
     * by one.
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
        Bounds.checkCount("spares", spares, 0, ConductorOptions.WORKERS_MAX);
        Bounds.checkCount("prefetch", prefetchMax, 1, Integer.MAX_VALUE);
        Bounds.checkCount("max-restarts", restartsMax, 1, Integer.MAX_VALUE);
        Bounds.checkCount("autopsies", autopsiesMax, 0, AUTOPSIES_MAX);
        Bounds.checkSpan("patience", patienceNanos, 0, " (0 = for ever)");
        if (hangTimeoutNanos != 0) {
            Bounds.checkSpan("hang-timeout", hangTimeoutNanos, TimeUnit.SECONDS.toNanos(1), ", or 0s for never");
        }
        Bounds.checkSpan("write-timeout", writeTimeoutNanos, TimeUnit.MILLISECONDS.toNanos(1), "");
        Bounds.checkSpan("restart-window", restartWindowNanos, TimeUnit.SECONDS.toNanos(1), "");
        workerJvmArgs = List.copyOf(workerJvmArgs);
        handlers = List.copyOf(handlers);
        providers = List.copyOf(providers);
    }

    /**
     * Checks all that can be checked before a pool is built: ranges, what goes together, and that the handlers exist.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public void check() {
        Contradictions.check(this);
        conductor();
        Bounds.checkFiles(handlers);
        programs.check();
    }

    public static PoolOptions defaults() {
        return new PoolOptions(
                "pool",
                Runtime.getRuntime().availableProcessors(),
                1,
                Routing.LEAST_BUSY,
                100_000,
                256L << 20,
                64 << 20,
                512,
                0,
                GRACE_NANOS,
                TimeUnit.MILLISECONDS.toNanos(5),
                TimeUnit.SECONDS.toNanos(20),
                TimeUnit.SECONDS.toNanos(10),
                TimeUnit.SECONDS.toNanos(10),
                3,
                50,
                TimeUnit.SECONDS.toNanos(60),
                TimeUnit.SECONDS.toNanos(2),
                WorkerLimits.NONE,
                Elasticity.NONE,
                PoisonLimits.DEFAULT,
                ClientLimits.NONE,
                TimeUnit.SECONDS.toNanos(25),
                RunDirectory.defaultBase(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of(),
                List.of(),
                List.of(),
                ProgramOptions.NONE,
                true,
                WorkerArchive.defaultDirectory(),
                true,
                RecorderOptions.DEFAULT,
                Path.of("/dev/shm"),
                SpoolOptions.DEFAULT,
                50);
    }

    /** Most processes that are wanted at a time, spares too. */
    int processesMax() {
        return elasticity.most(workers) + spares;
    }

    /** The conductor's share, checked. */
    ConductorOptions conductor() {
        return new ConductorOptions(
                workers,
                spares,
                routing,
                queueTasksMax,
                queueBytesMax,
                payloadBytesMax,
                prefetchMax,
                recorderOptions.claims(),
                runTimeoutNanos,
                graceNanos,
                patienceNanos,
                bootTimeoutNanos,
                hangTimeoutNanos,
                bootAttempts,
                restartsMax,
                restartWindowNanos,
                disconnectGraceNanos,
                limits,
                elasticity,
                poison,
                clients,
                false);
    }

    public PoolOptions withName(String value) {
        return with(draft -> draft.name = value);
    }

    public PoolOptions withWorkers(int value) {
        return with(draft -> draft.workers = value);
    }

    public PoolOptions withSpares(int value) {
        return with(draft -> draft.spares = value);
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

    public PoolOptions withPrefetchMax(int value) {
        return with(draft -> draft.prefetchMax = value);
    }

    /** Brings a grace that is still the default down with it, so that a short limit can be set alone. */
    public PoolOptions withRunTimeoutNanos(long value) {
        return with(draft -> {
            draft.runTimeoutNanos = value;
            if (value > 0 && value < GRACE_NANOS && draft.graceNanos == GRACE_NANOS) {
                draft.graceNanos = value;
            }
        });
    }

    public PoolOptions withGraceNanos(long value) {
        return with(draft -> draft.graceNanos = value);
    }

    public PoolOptions withPatienceNanos(long value) {
        return with(draft -> draft.patienceNanos = value);
    }

    public PoolOptions withBootTimeoutNanos(long value) {
        return with(draft -> draft.bootTimeoutNanos = value);
    }

    public PoolOptions withHangTimeoutNanos(long value) {
        return with(draft -> draft.hangTimeoutNanos = value);
    }

    public PoolOptions withWriteTimeoutNanos(long value) {
        return with(draft -> draft.writeTimeoutNanos = value);
    }

    public PoolOptions withBootAttempts(int value) {
        return with(draft -> draft.bootAttempts = value);
    }

    public PoolOptions withRestartsMax(int value) {
        return with(draft -> draft.restartsMax = value);
    }

    public PoolOptions withRestartWindowNanos(long value) {
        return with(draft -> draft.restartWindowNanos = value);
    }

    public PoolOptions withDisconnectGraceNanos(long value) {
        return with(draft -> draft.disconnectGraceNanos = value);
    }

    public PoolOptions withLimits(WorkerLimits value) {
        return with(draft -> draft.limits = value);
    }

    public PoolOptions withElasticity(Elasticity value) {
        return with(draft -> draft.elasticity = value);
    }

    public PoolOptions withPoison(PoisonLimits value) {
        return with(draft -> draft.poison = value);
    }

    public PoolOptions withClients(ClientLimits value) {
        return with(draft -> draft.clients = value);
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

    public PoolOptions withPrograms(ProgramOptions value) {
        return with(draft -> draft.programs = value);
    }

    public PoolOptions withArchive(boolean value) {
        return with(draft -> draft.archive = value);
    }

    public PoolOptions withCacheDirectory(Path value) {
        return with(draft -> draft.cacheDirectory = value);
    }

    public PoolOptions withRecorder(boolean value) {
        return with(draft -> draft.recorder = value);
    }

    public PoolOptions withRecorderOptions(RecorderOptions value) {
        return with(draft -> draft.recorderOptions = value);
    }

    public PoolOptions withMemoryDirectory(Path value) {
        return with(draft -> draft.memoryDirectory = value);
    }

    public PoolOptions withSpool(SpoolOptions value) {
        return with(draft -> draft.spool = value);
    }

    public PoolOptions withAutopsiesMax(int value) {
        return with(draft -> draft.autopsiesMax = value);
    }

    private PoolOptions with(Consumer<PoolOptionsDraft> change) {
        PoolOptionsDraft draft = new PoolOptionsDraft(this);
        change.accept(draft);
        return draft.options();
    }
}
