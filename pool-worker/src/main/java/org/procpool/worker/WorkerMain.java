package org.procpool.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.HelloFrame.Role;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.recorder.CorruptRecorderException;
import org.procpool.recorder.WorkerPage;

/** The main class of a worker process. Started by a supervisor, which writes the settings to its standard input. */
public final class WorkerMain implements Runnable {

    private static final String PROC = "/proc";

    private final BootSettings settings;
    private final OwnProcess process = OwnProcess.look();

    private WorkerMain(BootSettings settings) {
        this.settings = settings;
    }

    public static void main(String[] arguments) throws IOException {
        try {
            BootSettings settings = BootSettings.read(System.in);
            // Handlers find their standard input at its end, not the supervisor's pipe.
            System.setIn(InputStream.nullInputStream());
            if (settings.rehearsal()) {
                Exit.boundShutdownHooks(Rehearsal.EXIT_MILLIS_MAX);
                Rehearsal.start(settings.socket());
            } else {
                Exit.boundShutdownHooks(Exit.HOOKS_MILLIS_MAX);
            }
            new TaskThread(new WorkerMain(settings)).start();
        } catch (BootException e) {
            Exit.broken(ExitCode.BOOT_FAILED, String.valueOf(e.getMessage()), null);
        }
    }

    @Override
    public void run() {
        try {
            live();
        } catch (IOException | UncheckedIOException e) {
            Exit.supervisorGone();
        } catch (WireException e) {
            Exit.broken(ExitCode.BROKEN, "the supervisor sent what is no frame on the data socket", e);
        } catch (CorruptRecorderException e) {
            Exit.broken(ExitCode.BROKEN, "the supervisor and this worker disagree on the flight recorder", e);
        } catch (Throwable e) {
            Exit.failed("the task thread failed", e);
        }
    }

    private void live() throws IOException {
        if (!parentIsAlive()) {
            Exit.broken(ExitCode.SUPERVISOR_GONE, "the supervisor was gone before this worker came up", null);
        }
        TaskThread thread = (TaskThread) Thread.currentThread();
        Connector connector = new Connector(settings.socket(), hello(Role.CONTROL, List.of(), false), thread);
        connector.start();
        TaskOutput output = TaskOutput.install(thread);
        WorkerPage recorder;
        Handlers handlers;
        try {
            recorder = recorder(settings.recorder());
            handlers = Handlers.load(
                    settings.handlers(),
                    settings.providers(),
                    settings.exec().isEmpty() ? null : new ExecProvider(settings.exec(), settings.execDirectory()));
        } catch (BootException e) {
            DataLoop data = dataLoop(connector.dataChannel(), thread, output);
            data.hello(hello(Role.DATA, List.of(), false));
            fail(data, e);
            return;
        }
        try (SocketChannel channel = connector.dataChannel()) {
            DataLoop data = dataLoop(channel, thread, output);
            data.hello(hello(Role.DATA, handlers.names(), recorder != null));
            if (serve(data, handlers, recorder)) {
                Exit.drained();
            }
        }
        Exit.supervisorGone();
    }

    private DataLoop dataLoop(SocketChannel channel, TaskThread thread, TaskOutput output) {
        return new DataLoop(channel, thread, output, settings.scratch(), settings.spool());
    }

    /** @return whether this worker was told to leave */
    private static boolean serve(DataLoop data, Handlers handlers, @Nullable WorkerPage recorder) throws IOException {
        try {
            if (!data.awaitWelcome()) {
                return false;
            }
            handlers.warmUp();
        } catch (BootException e) {
            fail(data, e);
        }
        return data.serve(handlers, recorder);
    }

    private static void fail(DataLoop data, BootException failure) {
        String reason = String.valueOf(failure.getMessage());
        data.bootFailed(reason);
        Exit.broken(ExitCode.BOOT_FAILED, reason, failure.getCause());
    }

    /** Before any code of a handler runs, so that none finds the page's name. */
    private static @Nullable WorkerPage recorder(@Nullable Path file) {
        if (file == null) {
            return null;
        }
        try {
            WorkerPage page = WorkerPage.map(file);
            unlink(file);
            return page;
        } catch (IOException | CorruptRecorderException e) {
            throw new BootException("cannot map the flight recorder: " + e, e);
        }
    }

    /** The supervisor does it too, but it may be killed before it gets there. */
    private static void unlink(Path file) {
        if (file.startsWith(PROC)) {
            // The page never had a name that lasted; this one is a descriptor of the supervisor.
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // In a sandbox the name is not ours to remove.
        }
    }

    private boolean parentIsAlive() {
        return settings.parentPid() == 0 || process.parentPid() == settings.parentPid();
    }

    private HelloFrame hello(Role role, List<String> taskNames, boolean recorder) {
        boolean data = role == Role.DATA;
        return new HelloFrame(
                Wire.PROTOCOL_VERSION,
                process.pid(),
                settings.token(),
                role,
                taskNames,
                recorder,
                data && settings.spool() != null,
                data);
    }
}
