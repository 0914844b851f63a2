package org.procpool.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutputMark;
import org.procpool.proto.TaskFrame;

/** One run of one task, as its handler sees it. */
final class TaskRun implements TaskContext {

    private static final int NOTE_CHARS_MAX = 1_000;

    private final TaskFrame task;
    private final long startNanos;
    private final int payloadBytesMax;
    private final Outbox outbox;
    private final Path workerDirectory;

    /** Written under the gate of the task thread, read by the handler. */
    private volatile boolean cancelled;

    /** The caller's wish; also written by the handler and its other threads, read when the result is made. */
    private volatile boolean retire;

    // Guarded by this: a handler may ask from several threads, and from one that outlives the task.
    private @Nullable Path scratch;
    private boolean over;

    // Guarded by the outbox.
    private boolean reportsClosed;
    private double fraction;
    private String note = "";

    TaskRun(TaskFrame task, long startNanos, int payloadBytesMax, Outbox outbox, Path workerDirectory) {
        this.task = task;
        this.startNanos = startNanos;
        this.payloadBytesMax = payloadBytesMax;
        this.outbox = outbox;
        this.workerDirectory = workerDirectory;
        this.retire = task.retire();
    }

    long dispatch() {
        return task.dispatch();
    }

    /** The line behind which this run's output begins. */
    byte[] outputMark() {
        return OutputMark.begin(task.taskId(), task.name());
    }

    void cancel() {
        cancelled = true;
    }

    boolean retires() {
        return retire;
    }

    /** Keeps the latest news; false once the result is through. Called under the outbox. */
    boolean report(double newFraction, String newNote) {
        fraction = newFraction;
        note = newNote;
        return !reportsClosed;
    }

    /** Called under the outbox. */
    void closeReports() {
        reportsClosed = true;
    }

    /** Called under the outbox. */
    double fraction() {
        return fraction;
    }

    /** Called under the outbox. */
    String note() {
        return note;
    }

    @Override
    public long taskId() {
        return task.taskId();
    }

    @Override
    public int attempt() {
        return task.attempt();
    }

    @Override
    public Optional<Duration> remainingRunTime() {
        if (task.runTimeoutMillis() == 0) {
            return Optional.empty();
        }
        long ranNanos = System.nanoTime() - startNanos;
        long leftNanos = TimeUnit.MILLISECONDS.toNanos(task.runTimeoutMillis()) - ranNanos;
        return Optional.of(Duration.ofNanos(Math.max(0, leftNanos)));
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void progress(double newFraction, String newNote) {
        double inRange = newFraction > 0 ? Math.min(newFraction, 1) : 0;
        outbox.progress(this, inRange, ErrorText.cut(newNote, NOTE_CHARS_MAX));
    }

    @Override
    public System.Logger logger() {
        return new StderrLogger(task.name());
    }

    @Override
    public synchronized Path scratchDirectory() throws IOException {
        Path directory = scratch;
        if (directory == null) {
            if (over) {
                throw new IOException(this + " is over and has no scratch directory any more");
            }
            directory = workerDirectory.resolve("task-" + Long.toUnsignedString(task.dispatch()));
            Files.createDirectories(directory);
            scratch = directory;
        }
        return directory;
    }

    /** Deletes the scratch directory, if there is one; what cannot be deleted is said on standard error and left. */
    synchronized void deleteScratch() {
        Path directory = scratch;
        over = true;
        scratch = null;
        if (directory != null) {
            try {
                Files.walkFileTree(directory, new Deletion());
            } catch (IOException e) {
                System.err.println("procpool worker: the scratch directory of " + this + " cannot be deleted: " + e);
            }
        }
    }

    @Override
    public synchronized void retireWorker() {
        // Once it is over, what its result says must stay the truth.
        retire |= !over;
    }

    @Override
    public int payloadBytesMax() {
        return payloadBytesMax;
    }

    @Override
    public String toString() {
        return "task " + Long.toUnsignedString(task.taskId()) + " (" + task.name() + ", attempt " + task.attempt()
                + ")";
    }
}
