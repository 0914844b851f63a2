package org.procpool.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.procpool.cgroup.PoolGroups;
import org.procpool.cgroup.WorkerGroup;
import org.procpool.recorder.SupervisorPage;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker process from launch to reaping. Its methods return at once and may be called by any thread; the work is
 * done on the launch thread, or the watch thread.
 */
public final class WorkerProcess {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    /** A grandchild may keep the pipe open; its output is not waited for. */
    private static final long LAST_OUTPUT_MILLIS = 200;
    /** A stopped process answers to no signal. */
    private static final long DUMP_MILLIS_MAX = 1_000;

    /** To see to what a dead worker has left can wait so long: its successor gets the processors first. */
    private static final long GIVE_WAY_MILLIS = 3;

    private static final long FIRST_LOOK_MILLIS = 1_000;
    private static final long LOOK_MILLIS = 10_000;
    private static final String CRASHES = "crashes";
    /** Of a worker that runs out of memory; one that fails to boot has it too. */
    private static final int OUT_OF_MEMORY_CODE = 3;

    private static final int KILLED_CODE = 128 + 9;

    private final WorkerProgram program;
    private final WorkerSettings settings;
    private final Path directory;
    private final @Nullable RecorderPlace recorder;
    private final PoolGroups groups;
    private final ProcessEvents events;

    /** Written by the launch thread once, read by the watch thread too. */
    private volatile @Nullable Running running;

    /** When last looked at; written by the watch thread, read by whoever sees to the dead process. */
    private volatile long residentBytes;

    /** The JVM, if a sandbox started it; 0 as long as it is the process itself. Written by the loop. */
    private volatile long innerPid;

    private record Running(Process process, WorkerGroup group, OutputDrain output, Thread drain) {}

    private WorkerProcess(
            WorkerProgram program,
            WorkerSettings settings,
            Path directory,
            @Nullable RecorderPlace recorder,
            PoolGroups groups,
            ProcessEvents events) {
        this.program = program;
        this.settings = settings;
        this.directory = directory;
        this.recorder = recorder;
        this.groups = groups;
        this.events = events;
    }

    /**
     * Starts a worker, later.
     *
     * @param directory of this worker alone, in the pool's; made here and removed when the process has been reaped
     * @param recorder where to make its flight recorder, which goes to whoever is told that it was launched; null for
     *     a worker without one
     * @param groups in which it gets a control group of its own
     */
    public static WorkerProcess launch(
            WorkerProgram program,
            WorkerSettings settings,
            Path directory,
            @Nullable RecorderPlace recorder,
            PoolGroups groups,
            ProcessEvents events) {
        WorkerProcess worker = new WorkerProcess(program, settings, directory, recorder, groups, events);
        LaunchThread.execute(worker::start);
        return worker;
    }

    /**
     * Ends the process and what it has started itself, at once. Without effect once it is dead.
     */
    public void kill() {
        LaunchThread.execute(this::killNow);
    }

    /** As {@link #kill}, a few milliseconds later: for a process that as far as anybody can see is dead already. */
    public void killSoon() {
        WatchThread.later(GIVE_WAY_MILLIS, this::kill);
    }

    /**
     * As {@link #kill}, but first asks the JVM for a dump of its threads, by SIGQUIT, and waits for it, a second at
     * most. The dump is part of what {@link ProcessEvents#exited} tells.
     */
    public void killAfterDump() {
        if (!program.dumpsThreads()) {
            kill();
            return;
        }
        LaunchThread.execute(() -> {
            Running target = running;
            if (target != null
                    && target.process.isAlive()
                    && target.output.dump().expect(this::kill)) {
                WatchThread.execute(() -> askForDump(target.process));
                WatchThread.later(DUMP_MILLIS_MAX, this::kill);
            }
        });
    }

    /** Says which process it is that is of interest: a sandbox starts another one. */
    public void runsIn(long pid) {
        innerPid = pid;
    }

    private long pid(Process process) {
        return innerPid == 0 ? process.pid() : innerPid;
    }

    /** Has the system asked what the process is doing; {@link ProcessEvents#examined} answers, if the system does. */
    public void examine() {
        WatchThread.execute(() -> {
            ProcessLook look = look();
            if (look != null) {
                events.examined(look);
            }
        });
    }

    private void start() {
        Enclosure enclosure = program.enclosure();
        SupervisorPage page;
        try {
            page = recorder == null ? null : recorder.newPage(settings.worker(), enclosure);
        } catch (IOException e) {
            events.launchFailed(String.valueOf(e.getMessage()));
            return;
        }
        WorkerGroup group = WorkerGroup.NONE;
        Process started;
        try {
            Files.createDirectories(directory);
            enclosure.give(directory);
            group = groups.worker(settings.worker().toString());
            List<String> words = new ArrayList<>(group.words());
            words.addAll(enclosure.words(settings, directory, page == null ? null : page.file()));
            words.addAll(program.words(directory));
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .directory(program.startsIn(directory).toFile());
            builder.environment().put(Offspring.VARIABLE, marker());
            started = builder.start();
        } catch (IOException | RuntimeException e) {
            group.end();
            PoolDirectory.deleteTree(directory);
            close(page);
            events.launchFailed("cannot start " + program.name() + ": " + e.getMessage());
            return;
        }
        OutputDrain output = new OutputDrain(settings.worker().toString(), started.getInputStream());
        Thread drain = new Thread(output, "procpool-output-" + settings.worker());
        drain.setDaemon(true);
        drain.start();
        Running now = new Running(started, group, output, drain);
        running = now;
        // From the event on the page is somebody else's.
        byte[] lines = settings.lines(directory, page == null ? null : page.file(), enclosure.parentIsSupervisor());
        events.launched(started.pid(), page);
        tell(started, lines);
        WatchThread.later(FIRST_LOOK_MILLIS, this::lookAgain);
        started.onExit().thenAccept(ended -> reaped(now));
    }

    /** The pool's directory has a name that no other pool ever has. */
    private String marker() {
        return poolDirectory().getFileName() + "/" + settings.worker();
    }

    private Path poolDirectory() {
        return Objects.requireNonNull(directory.toAbsolutePath().getParent());
    }

    private void close(@Nullable SupervisorPage page) {
        try {
            if (page != null) {
                page.close();
            }
        } catch (IOException e) {
            LOG.warn("worker={} its flight recorder could not be given back: {}", settings.worker(), e.toString());
        }
    }

    private void tell(Process started, byte[] lines) {
        try (OutputStream input = started.getOutputStream()) {
            input.write(lines);
        } catch (IOException e) {
            // It is dead already; its exit says more than a broken pipe.
            LOG.debug("worker={} did not read its settings: {}", settings.worker(), e.toString());
        }
    }

    private void reaped(Running ended) {
        long pid = ended.process.pid();
        ExitStatus exit = new ExitStatus(ended.process.exitValue());
        if (exit.code() != 0) {
            // All processes are looked through now, and the task behind the crash is just on its way.
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(GIVE_WAY_MILLIS));
        }
        String kernelKill = exit.code() == KILLED_CODE ? ended.group.killedForMemory() : "";
        // First of all, since what it has started may hold its output open.
        ended.group.end();
        Offspring.endOfWorker(pid, marker());
        try {
            ended.drain.join(LAST_OUTPUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        CrashReport crash = CrashReport.collect(
                directory,
                pid,
                poolDirectory().resolveSibling(CRASHES),
                poolDirectory().getFileName() + "-" + settings.worker());
        PoolDirectory.deleteTree(directory);
        events.exited(new WorkerEnd(
                exit,
                ended.output.tail(),
                ended.output.taskTail(),
                ended.output.dump().text(),
                exit.code() == OUT_OF_MEMORY_CODE && ended.output.saidOutOfMemory(),
                kernelKill,
                crash.head(),
                crash.file(),
                residentBytes));
    }

    private void killNow() {
        Running target = running;
        if (target == null || !target.process.isAlive()) {
            return;
        }
        target.group.kill();
        // It may be on its way into the group still.
        target.process.descendants().forEach(ProcessHandle::destroyForcibly);
        // Not Process.destroyForcibly: that would close the pipe before its last lines are read.
        if (!target.process.toHandle().destroyForcibly()) {
            LOG.debug("worker={} pid={} was dead before the kill", settings.worker(), target.process.pid());
        }
    }

    private void askForDump(Process target) {
        if (!target.isAlive()) {
            return;
        }
        try {
            // The shell's own: there are systems without a program of that name.
            new ProcessBuilder("sh", "-c", "kill -QUIT " + pid(target))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.debug("worker={} cannot be asked for a thread dump: {}", settings.worker(), e.toString());
            kill();
        }
    }

    private void lookAgain() {
        Running now = running;
        if (now != null && now.process.isAlive()) {
            look();
            WatchThread.atNextRound(LOOK_MILLIS, this::lookAgain);
        }
    }

    private @Nullable ProcessLook look() {
        Running now = running;
        if (now == null) {
            return null;
        }
        ProcessLook look = ProcessStat.look(pid(now.process));
        // If it lives still, then nobody else has had its pid when that was read.
        if (look == null || !now.process.isAlive()) {
            return null;
        }
        residentBytes = look.residentBytes();
        return look;
    }
}
