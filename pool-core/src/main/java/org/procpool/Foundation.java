package org.procpool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.PoolGroups;
import org.procpool.process.Enclosure;
import org.procpool.process.HandlerReleases;
import org.procpool.process.MemoryPlan;
import org.procpool.process.RecorderDirectory;
import org.procpool.process.RecorderPlace;
import org.procpool.process.RunDirectory;
import org.procpool.process.WorkerArchive;
import org.procpool.process.WorkerClassPath;
import org.procpool.process.WorkerCommand;
import org.procpool.process.WorkerProgram;
import org.procpool.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a pool stands on before its first worker is launched: its directories, and what its workers are.
 *
 * @param recorders null if the workers have no flight recorders
 * @param spool null if all payloads pass through this process
 * @param groups in which each worker gets one of its own
 * @param memory null if the workers are not Java
 * @param handlers of the first release
 */
record Foundation(
        PoolOptions options,
        RunDirectory directory,
        @Nullable RecorderDirectory recorders,
        @Nullable Spool spool,
        WorkerProgram program,
        WorkerArchive archive,
        PoolGroups groups,
        @Nullable MemoryPlan memory,
        HandlerReleases releases,
        List<Path> handlers) {

    private static final Logger LOG = LoggerFactory.getLogger(Foundation.class);

    /**
     * Makes it. Blocking; any thread.
     *
     * @throws PoolException in one sentence, with nothing left behind
     */
    static Foundation lay(PoolOptions options, Enclosure enclosure) {
        RecorderDirectory recorders = null;
        RunDirectory directory = null;
        PoolGroups groups = null;
        try {
            List<Path> classPath = WorkerClassPath.locate();
            MemoryPlan memory = MemoryShares.plan(options);
            List<String> heapArgs = memory == null ? List.of() : memory.heapArgs();
            WorkerCommand command = new WorkerCommand(options.java(), heapArgs, options.workerJvmArgs(), classPath);
            List<String> foreign = options.programs().workerCommand();
            WorkerArchive archive = options.archive() && foreign.isEmpty()
                    ? WorkerArchive.open(command, options.cacheDirectory())
                    : WorkerArchive.none(command);
            WorkerProgram program = foreign.isEmpty()
                    ? WorkerProgram.java(command, archive, enclosure)
                    : WorkerProgram.foreign(foreign, enclosure);
            recorders = recorders(options, enclosure);
            directory = RunDirectory.create(options.runDirectory(), enclosure);
            groups = groups(options, directory);
            HandlerReleases releases = new HandlerReleases(directory.path(), options.handlers());
            List<Path> handlers = releases.copy(1);
            Spool spool = spool(options, recorders, directory, enclosure);
            return new Foundation(
                    options, directory, recorders, spool, program, archive, groups, memory, releases, handlers);
        } catch (IOException e) {
            close(directory, recorders, groups);
            throw new PoolException("pool '" + options.name() + "': " + e.getMessage(), e);
        }
    }

    private static @Nullable RecorderDirectory recorders(PoolOptions options, Enclosure enclosure) throws IOException {
        if (!options.recorder() || !options.programs().workerCommand().isEmpty()) {
            return null;
        }
        RecorderDirectory recorders = RecorderDirectory.create(options.memoryDirectory(), enclosure);
        try {
            // Each place may have a process that has not been reaped and the one that follows it.
            options.recorderOptions().checkRoom(recorders.path(), 2 * options.processesMax());
            return recorders;
        } catch (IOException e) {
            recorders.close();
            throw e;
        }
    }

    private static PoolGroups groups(PoolOptions options, RunDirectory directory) throws IOException {
        PoolGroups groups = PoolGroups.open(Path.of("/"), options.programs().groups(), directory.path());
        String inForce = groups.state().inForce();
        if (!groups.obstacle().isEmpty()) {
            LOG.warn("pool={} {}", options.name(), inForce);
        } else if (!inForce.isEmpty()) {
            LOG.info("pool={} {}", options.name(), inForce);
        }
        return groups;
    }

    /** A worker that is kept apart could not open the files; its payloads go through its sockets. */
    private static @Nullable Spool spool(
            PoolOptions options, @Nullable RecorderDirectory recorders, RunDirectory directory, Enclosure enclosure)
            throws IOException {
        return recorders == null || !options.spool().isOn() || !enclosure.seesSupervisor()
                ? null
                : Spool.create(options.spool(), recorders.path(), directory.path());
    }

    /** Where flight recorders are made; null if the workers have none. */
    @Nullable
    RecorderPlace recorderPlace() {
        return recorders == null ? null : new RecorderPlace(recorders.path(), options.recorderOptions());
    }

    /** Removes what lies in memory and on disks. To be called when no worker is left; waits. */
    void close() {
        if (spool != null) {
            spool.close();
        }
        close(directory, recorders, groups);
    }

    private static void close(
            @Nullable RunDirectory directory, @Nullable RecorderDirectory recorders, @Nullable PoolGroups groups) {
        // They are on record in the directory.
        if (groups != null) {
            groups.close();
        }
        if (directory != null) {
            directory.close();
        }
        if (recorders != null) {
            recorders.close();
        }
    }
}
