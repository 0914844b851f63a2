package org.procpool.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker process from launch to reaping. Its methods return at once and may be called by any thread; the work is
 * done on the launch thread.
 */
public final class WorkerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    /** A grandchild may keep the pipe open; its output is not waited for. */
    private static final long LAST_OUTPUT_MILLIS = 200;

    private final WorkerSettings settings;
    private final Path directory;
    private final ProcessEvents events;

    /** Used by the launch thread only. */
    private @Nullable Process process;

    private WorkerProcess(WorkerSettings settings, Path directory, ProcessEvents events) {
        this.settings = settings;
        this.directory = directory;
        this.events = events;
    }

    /**
     * Starts a worker, later.
     *
     * @param directory of this worker alone; made here and removed when the process has been reaped
     */
    public static WorkerProcess launch(
            WorkerCommand command,
            WorkerArchive archive,
            WorkerSettings settings,
            Path directory,
            ProcessEvents events) {
        WorkerProcess worker = new WorkerProcess(settings, directory, events);
        LaunchThread.execute(() -> worker.start(command, archive));
        return worker;
    }

    /**
     * Ends the process and what it has started itself, as far as that still hangs below it. Without effect once it is
     * dead.
     */
    public void kill() {
        LaunchThread.execute(this::killNow);
    }

    public void examine() {}

    public void killAfterDump() {
        kill();
    }

    private void start(WorkerCommand command, WorkerArchive archive) {
        Process started;
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder = new ProcessBuilder(command.words(directory, archive.jvmArgs()))
                    .redirectErrorStream(true)
                    .directory(directory.toFile());
            started = builder.start();
        } catch (IOException e) {
            RunDirectory.deleteTree(directory);
            events.launchFailed("cannot start " + command.java() + ": " + e.getMessage());
            return;
        }
        process = started;
        OutputDrain drain = new OutputDrain(settings.worker().toString(), started.getInputStream());
        Thread drainThread = new Thread(drain, "procpool-output-" + settings.worker());
        drainThread.setDaemon(true);
        drainThread.start();
        events.launched(started.pid(), null);
        tellSettings(started);
        started.onExit().thenAccept(ended -> reaped(ended, drain, drainThread));
    }

    private void tellSettings(Process started) {
        try (OutputStream input = started.getOutputStream()) {
            input.write(settings.lines(directory));
        } catch (IOException e) {
            // It is dead already; its exit says more than a broken pipe.
            LOG.debug("worker={} did not read its settings: {}", settings.worker(), e.toString());
        }
    }

    private void reaped(Process ended, OutputDrain drain, Thread drainThread) {
        try {
            drainThread.join(LAST_OUTPUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RunDirectory.deleteTree(directory);
        events.exited(new WorkerEnd(new ExitStatus(ended.exitValue()), drain.tail(), "", false, "", "", 0));
    }

    private void killNow() {
        Process target = process;
        if (target == null || !target.isAlive()) {
            return;
        }
        target.descendants().forEach(ProcessHandle::destroyForcibly);
        // Not Process.destroyForcibly: that would close the pipe before its last lines are read.
        if (!target.toHandle().destroyForcibly()) {
            LOG.debug("worker={} pid={} was dead before the kill", settings.worker(), target.pid());
        }
    }
}
