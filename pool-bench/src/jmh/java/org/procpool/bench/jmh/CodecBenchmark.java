package org.procpool.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.Payload;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;

/** A frame written, and one read, as the link does it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {

    private static final int FRAME_BYTES_MAX = 1 << 20;

    @Param({"100", "10000"})
    int payloadBytes;

    private final ByteBufferOutput out = new ByteBufferOutput(true, FRAME_BYTES_MAX, FRAME_BYTES_MAX);
    private WorkerResultFrame frame;
    private ByteBufferInput in;

    @Setup
    public void setUp() {
        frame = new WorkerResultFrame(
                123_456, false, 4_000, false, "", "", "", "", false, Payload.of(new byte[payloadBytes]));
        ByteBufferOutput bytes = new ByteBufferOutput(true, FRAME_BYTES_MAX, FRAME_BYTES_MAX);
        frame.write(bytes);
        in = new ByteBufferInput(bytes.content());
    }

    @Benchmark
    public int write() {
        out.clear();
        frame.write(out);
        return out.size();
    }

    @Benchmark
    public WorkerResultFrame read() {
        in.position(0);
        Wire.frameLength(in, FRAME_BYTES_MAX);
        Wire.enterMessage(in, Wire.WORKER_KIND_MAX);
        return WorkerResultFrame.read(in);
    }
}
