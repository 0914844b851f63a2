package org.procpool.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.Frame;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;

/** A real worker process with a flight recorder, and its supervisor's end of both. Owned by the test's thread. */
final class RecordedWorker implements AutoCloseable {

    private static final int FRAME_BYTES_MAX = 1 << 28;

    private final FakeSupervisor supervisor;
    private final SupervisorPage page;
    private final List<Frame> frames = new ArrayList<>();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private long sent;
    private long offered;

    private RecordedWorker(Path directory, RecorderOptions options) throws IOException {
        page = SupervisorPage.create(directory.resolve("page"), options);
        supervisor = new FakeSupervisor(directory).with("recorder", page.file().toString());
    }

    static RecordedWorker boot(Path directory, RecorderOptions options) throws Exception {
        RecordedWorker worker = new RecordedWorker(directory, options);
        try {
            worker.supervisor.boot();
            return worker;
        } catch (Exception e) {
            worker.close();
            throw e;
        }
    }

    FakeSupervisor supervisor() {
        return supervisor;
    }

    SupervisorPage page() {
        return page;
    }

    /** Bytes sent since Welcome. */
    long sent() {
        return sent;
    }

    /** Offers the next task and gives its frame, to be sent by {@link #send}. */
    TaskFrame offer(String name, Payload payload) {
        page.offer(++offered);
        return FakeSupervisor.task(offered, name, payload);
    }

    void send(Frame... tasks) throws IOException {
        ByteBufferOutput out = new ByteBufferOutput(false, 1024, 1024);
        for (Frame task : tasks) {
            task.write(out);
        }
        sent += out.size();
        supervisor.data().send(out.content());
    }

    /**
     * Waits for bytes on the data socket and takes them over.
     *
     * @return false at the end of the stream
     */
    boolean receive() throws IOException {
        ByteBuffer bytes = supervisor.data().receive();
        if (!bytes.hasRemaining()) {
            return false;
        }
        page.publishParsed(page.parsed() + bytes.remaining());
        decode(bytes);
        return true;
    }

    /** Receives until that many results are there. */
    List<WorkerResultFrame> receiveResults(int count) throws IOException {
        while (results().size() < count) {
            if (!receive()) {
                throw new IOException("the worker closed its socket: " + supervisor.stderr());
            }
        }
        return results();
    }

    /** Kills the process and takes what is left from the ring. */
    void killAndRecover() throws Exception {
        supervisor.process().destroyForcibly();
        supervisor.process().waitFor();
        decode(page.corpse().unparsed());
    }

    private void decode(ByteBuffer bytes) {
        ByteBuffer all = ByteBuffer.allocate(rest.remaining() + bytes.remaining());
        rest = all.put(rest).put(bytes).flip();
        ByteBufferInput in = new ByteBufferInput(rest);
        int end = rest.limit();
        int start = 0;
        int length = Wire.frameLength(in, FRAME_BYTES_MAX);
        while (length != Wire.INCOMPLETE && length <= in.remaining()) {
            start = in.position() + length;
            in.limit(start);
            frames.add(WorkerLink.decode(in));
            in.limit(end);
            in.position(start);
            length = Wire.frameLength(in, FRAME_BYTES_MAX);
        }
        rest.position(start);
    }

    /** Everything that was received or recovered since Ready. */
    List<Frame> frames() {
        return frames;
    }

    List<WorkerResultFrame> results() {
        return frames.stream()
                .filter(WorkerResultFrame.class::isInstance)
                .map(WorkerResultFrame.class::cast)
                .toList();
    }

    @Override
    public void close() throws IOException {
        try (page) {
            supervisor.close();
        }
    }
}
