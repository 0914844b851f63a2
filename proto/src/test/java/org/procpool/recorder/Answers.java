package org.procpool.recorder;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;

/** A decoder as a supervisor has it: takes bytes as they come, keeps an incomplete frame for later. */
final class Answers {

    private static final int FRAME_BYTES_MAX = 1 << 24;

    private final int ringBytes;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
    private long position;
    private int wrapped;
    private final List<WorkerResultFrame> results = new ArrayList<>();

    Answers(int ringBytes) {
        this.ringBytes = ringBytes;
    }

    /** Bytes since Ready that were taken. */
    long position() {
        return position;
    }

    /** How many results lay over the end of the ring. */
    int wrapped() {
        return wrapped;
    }

    List<WorkerResultFrame> results() {
        return results;
    }

    void take(ByteBuffer bytes) {
        position += bytes.remaining();
        ByteBuffer all = ByteBuffer.allocate(buffer.remaining() + bytes.remaining());
        buffer = all.put(buffer).put(bytes).flip();
        ByteBufferInput in = new ByteBufferInput(buffer);
        int end = buffer.limit();
        int start = buffer.position();
        int length = Wire.frameLength(in, FRAME_BYTES_MAX);
        while (length != Wire.INCOMPLETE && length <= in.remaining()) {
            int frameEnd = in.position() + length;
            in.limit(frameEnd);
            if (Wire.enterMessage(in, Wire.WORKER_KIND_MAX) != WorkerResultFrame.KIND) {
                throw new AssertionError("not a result");
            }
            results.add(WorkerResultFrame.read(in));
            long first = position - end + start;
            long last = position - end + frameEnd - 1;
            wrapped += first / ringBytes != last / ringBytes ? 1 : 0;
            in.limit(end);
            in.position(frameEnd);
            start = frameEnd;
            length = Wire.frameLength(in, FRAME_BYTES_MAX);
        }
        buffer.position(start);
    }
}
