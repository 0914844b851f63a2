package org.procpool.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerPongFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.proto.WireException;
import org.procpool.proto.WireInput;

/**
 * One welcomed connection and its two threads. The writer gathers all that may be sent into one buffer and one write;
 * the reader takes large reads and ends tasks in batches. Whichever of them ends last reports the end, so nothing is
 * settled while the other might still add to it.
 */
final class Connection {

    private static final int BATCH_TASKS = 1024;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int KEPT_BUFFER_BYTES = 1 << 20;

    final HostPort address;
    final Outbox.Window window;
    final Questions questions = new Questions();
    /** Guarded by its monitor. */
    final InFlight inFlight = new InFlight();

    private final Session session;
    private final Outbox outbox;
    private final Link link;
    private final Thread reader;
    private final Thread writer;
    private final AtomicInteger running = new AtomicInteger(2);
    private final long openedNanos = System.nanoTime();
    /** Written by the reader before it ends, read by whichever thread ends last. */
    private volatile ClientException end = new ClientException(ClientException.CONNECTION_LOST, "a bug in the client");

    // The reader's.
    private final ServerFrames frames;
    private List<ResultFrame> results = new ArrayList<>();
    private List<Runnable> callbacks = new ArrayList<>();
    private int detachedTasks;
    private long detachedBytes;

    // The writer's.
    private final ByteBufferOutput out = new ByteBufferOutput(true, BUFFER_BYTES, KEPT_BUFFER_BYTES);
    private final Pending[] batch = new Pending[BATCH_TASKS];
    private final int[] batchEnds = new int[BATCH_TASKS];
    private final List<Frame> control = new ArrayList<>();
    private long nextCorrelation = 1;

    Connection(Session session, Outbox outbox, Handshake.Opened opened) {
        this.session = session;
        this.outbox = outbox;
        this.address = opened.address();
        this.link = opened.link();
        this.frames = opened.frames();
        this.window =
                outbox.window(opened.welcome().windowTasks(), opened.welcome().windowBytes());
        this.reader = session.thread("reader", this::readerMain);
        this.writer = session.thread("writer", this::writerMain);
    }

    void start() {
        reader.start();
        writer.start();
    }

    /** Ends both threads, wherever they wait; what is in flight becomes UNKNOWN. */
    void close() {
        outbox.stop(this);
        link.close();
    }

    long ageNanos() {
        return System.nanoTime() - openedNanos;
    }

    private void ended() {
        if (running.decrementAndGet() == 0) {
            session.onEnded(this, end);
        }
    }

    // Writing.

    private void writerMain() {
        boolean broken = true;
        try {
            int count = outbox.take(this, batch, control);
            while (count >= 0) {
                send(count);
                count = outbox.take(this, batch, control);
            }
            broken = false;
        } catch (IOException e) {
            // The reader finds out why: the service may have said so before it closed.
            broken = !link.shutdownOutput();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (broken) {
                link.close();
            }
            ended();
        }
    }

    private void send(int count) throws IOException {
        synchronized (inFlight) {
            for (int i = 0; i < count; i++) {
                batch[i].correlation = nextCorrelation++;
                inFlight.put(batch[i]);
            }
        }
        for (int i = 0; i < count; i++) {
            Pending pending = batch[i];
            pending.request.frame(pending.correlation, pending.detach).write(out);
            batchEnds[i] = out.size();
        }
        for (Frame frame : control) {
            frame.write(out);
        }
        ByteBuffer content = out.content();
        try {
            link.write(content);
        } catch (IOException e) {
            takeBack(count, content.position());
            throw e;
        } finally {
            Arrays.fill(batch, 0, count, null);
            control.clear();
            out.clear();
        }
    }

    /** A task whose last byte was not written cannot have been read: it may safely go elsewhere. */
    private void takeBack(int count, int written) {
        int first = 0;
        while (first < count && batchEnds[first] <= written) {
            first++;
        }
        synchronized (inFlight) {
            for (int i = first; i < count; i++) {
                inFlight.remove(batch[i].correlation);
            }
        }
        session.endUnsent(outbox.putBack(this, batch, first, count));
    }

    // Reading.

    private void readerMain() {
        try {
            end = readUntilEnd();
        } finally {
            close();
            ended();
        }
    }

    private ClientException readUntilEnd() {
        try {
            do {
                try {
                    frames.all(this::onFrame);
                } finally {
                    settle();
                }
            } while (link.read(frames.room()) >= 0);
            return lost("the service closed it", null);
        } catch (ClientException e) {
            return e;
        } catch (WireException e) {
            return new ClientException(
                    ClientException.NOT_PROCPOOL,
                    "the connection to " + address + " was closed, since the service sent what the protocol does not"
                            + " allow: " + e.getMessage(),
                    e);
        } catch (ClosedChannelException e) {
            return lost("it was closed here", e);
        } catch (IOException e) {
            return lost(String.valueOf(e.getMessage()), e);
        }
    }

    private ClientException lost(String why, @Nullable Throwable cause) {
        return new ClientException(
                ClientException.CONNECTION_LOST, "the connection to " + address + " was lost: " + why, cause);
    }

    private void onFrame(int kind, WireInput in) {
        switch (kind) {
            case AcceptedFrame.KIND -> onAccepted(AcceptedFrame.read(in));
            case ResultFrame.KIND -> onResult(ResultFrame.read(in));
            case ProgressFrame.KIND -> onProgress(ProgressFrame.read(in));
            case TaskStatusFrame.KIND -> onStatus(TaskStatusFrame.read(in));
            case ServerPongFrame.KIND ->
                questions.ponged(ServerPongFrame.read(in).nonce(), System.nanoTime());
            case GoAwayFrame.KIND -> session.onGoAway(this, GoAwayFrame.read(in).reason());
            case ErrorFrame.KIND -> {
                ErrorFrame error = ErrorFrame.read(in);
                throw new ClientException(
                        error.code(),
                        "the service at " + address + " closed the connection: " + error.code() + ": "
                                + error.message());
            }
            default -> throw new WireException(WireException.Reason.MALFORMED, "a second Welcome");
        }
    }

    private void onAccepted(AcceptedFrame frame) {
        synchronized (inFlight) {
            if (Integer.toUnsignedLong(frame.more()) >= Math.max(1, inFlight.size())) {
                throw new WireException(
                        WireException.Reason.MALFORMED,
                        "Accepted for " + (Integer.toUnsignedLong(frame.more()) + 1) + " tasks, " + inFlight.size()
                                + " are in flight");
            }
            for (int i = 0; i <= frame.more(); i++) {
                Pending pending = inFlight.get(frame.correlation() + i);
                if (pending != null) {
                    accepted(pending, frame.taskId() + i);
                }
            }
        }
    }

    private void accepted(Pending pending, long taskId) {
        if (pending.onAccepted(taskId)) {
            callbacks.add(() -> outbox.control(this, new ClientCancelFrame(Questions.NOBODY, taskId)));
        }
        if (pending.wantsId()) {
            callbacks.add(pending::tellAccepted);
        }
        if (pending.detach) {
            inFlight.remove(pending.correlation);
            detachedTasks++;
            detachedBytes += pending.payloadBytes();
        }
    }

    private void onResult(ResultFrame frame) {
        if (Questions.isQuestion(frame.correlation())) {
            TaskResult result = TaskResult.of(frame);
            answer(frame.correlation(), new TaskStatus(frame.taskId(), TaskState.FINISHED, "", result));
        } else {
            results.add(frame);
        }
    }

    private void onStatus(TaskStatusFrame frame) {
        answer(frame.correlation(), new TaskStatus(frame.taskId(), frame.state(), frame.detail(), null));
    }

    private void answer(long correlation, TaskStatus status) {
        CompletableFuture<TaskStatus> question = questions.answered(correlation);
        if (question != null) {
            callbacks.add(() -> question.complete(status));
        }
    }

    private void onProgress(ProgressFrame frame) {
        Pending pending;
        synchronized (inFlight) {
            pending = inFlight.get(frame.correlation());
        }
        if (pending != null && pending.progress != null) {
            ProgressListener listener = pending.progress;
            callbacks.add(() -> listener.onProgress(frame.taskId(), frame.fraction(), frame.note()));
        }
    }

    /** Ends what the last read has ended: window first, so that the writer goes on while futures complete. */
    private void settle() {
        if (results.isEmpty() && callbacks.isEmpty() && detachedTasks == 0) {
            return;
        }
        Pending[] ended = new Pending[results.size()];
        int tasks = detachedTasks;
        long bytes = detachedBytes;
        synchronized (inFlight) {
            for (int i = 0; i < ended.length; i++) {
                Pending pending = inFlight.take(results.get(i).correlation());
                if (pending != null) {
                    ended[i] = pending;
                    tasks++;
                    bytes += pending.payloadBytes();
                }
            }
        }
        if (tasks > 0) {
            outbox.release(this, tasks, bytes);
        }
        List<ResultFrame> frames = results;
        List<Runnable> calls = callbacks;
        results = new ArrayList<>();
        callbacks = new ArrayList<>();
        detachedTasks = 0;
        detachedBytes = 0;
        session.call(() -> tell(calls, ended, frames));
    }

    private static void tell(List<Runnable> calls, @Nullable Pending[] ended, List<ResultFrame> frames) {
        for (Runnable call : calls) {
            Session.runGuarded(call);
        }
        for (int i = 0; i < ended.length; i++) {
            Pending pending = ended[i];
            if (pending != null) {
                pending.end(TaskResult.of(frames.get(i)));
            }
        }
    }
}
