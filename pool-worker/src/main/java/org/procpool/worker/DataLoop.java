package org.procpool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.BootFailedFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.SpoolFile;
import org.procpool.proto.SpooledResultFrame;
import org.procpool.proto.SpooledTaskFrame;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WireException;
import org.procpool.proto.WorkerResultFrame;
import org.procpool.recorder.WorkerPage;

/**
 * The life of the data socket: hello, welcome, ready, then batches of tasks in and results out until Drain. Owned by
 * the task thread, which also runs the handlers: a task changes threads nowhere in this process.
 */
final class DataLoop {

    private static final int BOOT_REASON_CHARS_MAX = 8_000;
    /** Room for the lengths of the frame and its message. */
    private static final int LENGTHS_BYTES_MAX = 64;

    private final SocketChannel channel;
    private final FrameReader reader;
    private final Outbox outbox;
    private final TaskThread thread;
    private final TaskOutput output;
    private final Path workerDirectory;
    private final NameCache names = new NameCache();
    private final @Nullable ResultSpool spool;
    private final KeptMappings mappings = new KeptMappings();
    private int payloadBytesMax;

    /** Where the Welcome ended in what the supervisor sends. */
    private long welcomeEnd;

    private @Nullable WorkerPage recorder;

    /** Whether a handler has asked for this worker's replacement. */
    private boolean retired;

    /** Whether the last task ended just now, at {@link #endNanos}: nothing was done since that may take time. */
    private boolean justEnded;

    private long endNanos;

    DataLoop(
            SocketChannel channel,
            TaskThread thread,
            TaskOutput output,
            Path workerDirectory,
            @Nullable ResultSpool spool) {
        this.channel = channel;
        this.reader = new FrameReader(channel, Wire.SUPERVISOR_KIND_MAX);
        this.outbox = new Outbox(channel);
        this.thread = thread;
        this.output = output;
        this.workerDirectory = workerDirectory;
        this.spool = spool;
    }

    void hello(HelloFrame hello) {
        outbox.send(hello);
    }

    void bootFailed(String reason) {
        outbox.send(new BootFailedFrame(ErrorText.cut(reason, BOOT_REASON_CHARS_MAX)));
    }

    /**
     * Waits for the supervisor's answer to Hello.
     *
     * @return false if it hung up instead
     */
    boolean awaitWelcome() throws IOException {
        int kind = reader.next();
        while (kind == FrameReader.NONE) {
            if (!reader.fill()) {
                return false;
            }
            kind = reader.next();
        }
        if (kind != WelcomeFrame.KIND) {
            throw new WireException(WireException.Reason.MALFORMED, "message " + kind + " came before Welcome");
        }
        WelcomeFrame welcome = WelcomeFrame.read(reader.input());
        welcomeEnd = reader.position();
        if (welcome.protocolVersion() != Wire.PROTOCOL_VERSION) {
            throw new BootException("the supervisor speaks protocol version " + welcome.protocolVersion()
                    + ", this worker speaks " + Wire.PROTOCOL_VERSION + "; use the same release for both");
        }
        payloadBytesMax = (int) Math.min(welcome.payloadBytesMax(), Integer.MAX_VALUE);
        reader.payloadBytesMax(payloadBytesMax);
        return true;
    }

    /**
     * Runs tasks until the supervisor has had enough of this worker.
     *
     * @param page the flight recorder; null to work without one
     * @return true after Drain, with every result written; false if the supervisor hung up
     */
    boolean serve(Handlers handlers, @Nullable WorkerPage page) throws IOException {
        recorder = page;
        output.bootEnds();
        outbox.send(EmptyFrame.READY);
        if (page != null) {
            outbox.use(page.writer(channel));
        }
        do {
            for (int kind = reader.next(); kind != FrameReader.NONE; kind = reader.next()) {
                if (kind == TaskFrame.KIND) {
                    run(TaskFrame.read(reader.input(), names), handlers);
                } else if (kind == SpooledTaskFrame.KIND) {
                    SpooledTaskFrame task = SpooledTaskFrame.read(reader.input());
                    run(task.with(payload(task)), handlers);
                } else if (kind == EmptyFrame.DRAIN.kind()) {
                    outbox.flush();
                    return true;
                } else {
                    throw new WireException(
                            WireException.Reason.MALFORMED, "message " + kind + " is not expected after Ready");
                }
            }
            justEnded = false;
            outbox.flush();
        } while (reader.fill());
        return false;
    }

    /** Looked at when the handler does: the task may have been taken back, and its file be gone. */
    private Payload payload(SpooledTaskFrame task) {
        Path path = Path.of(task.path());
        int room = task.room();
        return Payload.of(
                room == 0
                        ? new SpoolFile(path, task.size(), () -> {})
                        : new SpoolFile(path, task.size(), room, () -> mappings.map(path, room), file -> {}));
    }

    /** The one place where a task starts. */
    private void run(TaskFrame task, Handlers handlers) {
        if (retired) {
            // Neither claimed nor answered: the supervisor takes it back and gives it to somebody else.
            return;
        }
        // Of tiny tasks one reading of the clock is a good part of what they cost.
        long startNanos = justEnded ? endNanos : System.nanoTime();
        justEnded = false;
        if (!claim(task.dispatch(), startNanos)) {
            return;
        }
        TaskRun run = new TaskRun(task, startNanos, payloadBytesMax, outbox, workerDirectory);
        Payload payload = null;
        Throwable thrown = null;
        try {
            payload = thread.enter(run) ? handle(task, run, handlers) : cancelledAhead();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            thread.leave();
        }
        run.deleteScratch();
        if (thread.getContextClassLoader() != handlers.loader()) {
            thread.setContextClassLoader(handlers.loader());
        }
        endNanos = System.nanoTime();
        long runNanos = endNanos - startNanos;
        Frame result = thrown == null
                ? returned(task, run, runNanos, payload == null ? Payload.EMPTY : payload)
                : failed(
                        task,
                        run,
                        runNanos,
                        ErrorText.type(thrown),
                        ErrorText.message(thrown),
                        ErrorText.stack(thrown));
        boolean silent = output.end(run);
        retired = run.retires();
        boolean quick = outbox.result(run, result, endNanos, reader.hasMore());
        justEnded = silent && quick && result instanceof WorkerResultFrame small && !small.failed();
        if (thrown instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            leaveBrokenMachine(error, run);
        }
    }

    /** False if the supervisor has taken the task back; it gave it to somebody else, so there is nothing to answer. */
    private boolean claim(long dispatch, long startNanos) {
        WorkerPage page = recorder;
        if (page == null) {
            return true;
        }
        boolean mine = page.tryStart(dispatch, startNanos);
        page.publishConsumed(reader.position() - welcomeEnd);
        return mine;
    }

    private static @Nullable Payload handle(TaskFrame task, TaskRun run, Handlers handlers) throws Exception {
        TaskHandler handler = handlers.find(task.name());
        if (handler == null) {
            throw new IllegalArgumentException("this worker has no handler for the task '" + task.name() + "'");
        }
        return handler.handle(run, task.payload());
    }

    private static Payload cancelledAhead() {
        throw new CancellationException("cancelled before its handler started");
    }

    private Frame returned(TaskFrame task, TaskRun run, long runNanos, Payload payload) {
        if (payload.size() > payloadBytesMax) {
            String message = "the result has " + payload.size() + " bytes, the limit is " + payloadBytesMax;
            return failed(task, run, runNanos, "PayloadTooLarge", message, "");
        }
        if (spool == null || !spool.takes(payload.size())) {
            return WorkerResultFrame.returned(task.dispatch(), runNanos, run.retires(), leave(task), payload);
        }
        try {
            SpoolFile file = task.payload().file();
            if (file != null && file.overwrite(payload)) {
                return new SpooledResultFrame(
                        task.dispatch(), runNanos, run.retires(), false, payload.size(), true, true);
            }
            boolean onDisk = spool.store(task.dispatch(), payload);
            return new SpooledResultFrame(
                    task.dispatch(), runNanos, run.retires(), onDisk, payload.size(), false, leave(task));
        } catch (IOException | UncheckedIOException e) {
            return failed(task, run, runNanos, "SpoolFull", "the result cannot be kept: " + e.getMessage(), "");
        }
    }

    /** No handler looks at the payload any more. Whether its file may get another one. */
    private static boolean leave(TaskFrame task) {
        SpoolFile file = task.payload().file();
        return file != null && file.leave();
    }

    private WorkerResultFrame failed(
            TaskFrame task, TaskRun run, long runNanos, String type, String message, String stack) {
        WorkerResultFrame result = new WorkerResultFrame(
                task.dispatch(),
                true,
                runNanos,
                run.retires(),
                type,
                message,
                stack,
                output.tail(run),
                leave(task),
                Payload.EMPTY);
        if (result.bodySize() <= Wire.ENVELOPE_BYTES_MAX - LENGTHS_BYTES_MAX) {
            return result;
        }
        // In an alphabet of three bytes a letter the stack alone may be as long as a frame.
        return failed(task, run, runNanos, type, message, ErrorText.cut(stack, stack.length() / 2));
    }

    /** After a shortage of memory nothing in this process can be relied upon; the result is out, so it goes. */
    private void leaveBrokenMachine(VirtualMachineError error, TaskRun run) {
        outbox.flush();
        String reason = run + " ended with " + ErrorText.type(error) + ", the worker leaves";
        if (error instanceof OutOfMemoryError) {
            Exit.broken(ExitCode.OUT_OF_MEMORY, Exit.OUT_OF_MEMORY + reason, null);
        }
        Exit.broken(ExitCode.BROKEN, reason, null);
    }
}
