package org.procpool;

import java.nio.file.Path;
import java.util.List;
import org.procpool.conductor.ClientLimits;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.PoisonLimits;
import org.procpool.conductor.WorkerLimits;
import org.procpool.process.ProgramOptions;
import org.procpool.recorder.RecorderOptions;
import org.procpool.spool.SpoolOptions;
import org.procpool.task.Routing;

/** The options while some of them change. Not thread-safe. */
final class PoolOptionsDraft {

    String name;
    int workers;
    int spares;
    Routing routing;
    int queueTasksMax;
    long queueBytesMax;
    int payloadBytesMax;
    int prefetchMax;
    long runTimeoutNanos;
    long graceNanos;
    long patienceNanos;
    long bootTimeoutNanos;
    long hangTimeoutNanos;
    long writeTimeoutNanos;
    int bootAttempts;
    int restartsMax;
    long restartWindowNanos;
    long disconnectGraceNanos;
    WorkerLimits limits;
    Elasticity elasticity;
    PoisonLimits poison;
    ClientLimits clients;
    long drainTimeoutNanos;
    Path runDirectory;
    Path java;
    List<String> workerJvmArgs;
    List<Path> handlers;
    List<String> providers;
    ProgramOptions programs;
    boolean archive;
    Path cacheDirectory;
    boolean recorder;
    RecorderOptions recorderOptions;
    Path memoryDirectory;
    SpoolOptions spool;
    int autopsiesMax;

    PoolOptionsDraft(PoolOptions from) {
        name = from.name();
        workers = from.workers();
        spares = from.spares();
        routing = from.routing();
        queueTasksMax = from.queueTasksMax();
        queueBytesMax = from.queueBytesMax();
        payloadBytesMax = from.payloadBytesMax();
        prefetchMax = from.prefetchMax();
        runTimeoutNanos = from.runTimeoutNanos();
        graceNanos = from.graceNanos();
        patienceNanos = from.patienceNanos();
        bootTimeoutNanos = from.bootTimeoutNanos();
        hangTimeoutNanos = from.hangTimeoutNanos();
        writeTimeoutNanos = from.writeTimeoutNanos();
        bootAttempts = from.bootAttempts();
        restartsMax = from.restartsMax();
        restartWindowNanos = from.restartWindowNanos();
        disconnectGraceNanos = from.disconnectGraceNanos();
        limits = from.limits();
        elasticity = from.elasticity();
        poison = from.poison();
        clients = from.clients();
        drainTimeoutNanos = from.drainTimeoutNanos();
        runDirectory = from.runDirectory();
        java = from.java();
        workerJvmArgs = from.workerJvmArgs();
        handlers = from.handlers();
        providers = from.providers();
        programs = from.programs();
        archive = from.archive();
        cacheDirectory = from.cacheDirectory();
        recorder = from.recorder();
        recorderOptions = from.recorderOptions();
        memoryDirectory = from.memoryDirectory();
        spool = from.spool();
        autopsiesMax = from.autopsiesMax();
    }

    PoolOptions options() {
        return new PoolOptions(
                name,
                workers,
                spares,
                routing,
                queueTasksMax,
                queueBytesMax,
                payloadBytesMax,
                prefetchMax,
                runTimeoutNanos,
                graceNanos,
                patienceNanos,
                bootTimeoutNanos,
                hangTimeoutNanos,
                writeTimeoutNanos,
                bootAttempts,
                restartsMax,
                restartWindowNanos,
                disconnectGraceNanos,
                limits,
                elasticity,
                poison,
                clients,
                drainTimeoutNanos,
                runDirectory,
                java,
                workerJvmArgs,
                handlers,
                providers,
                programs,
                archive,
                cacheDirectory,
                recorder,
                recorderOptions,
                memoryDirectory,
                spool,
                autopsiesMax);
    }
}
