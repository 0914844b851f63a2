package org.procpool.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;
import org.procpool.recorder.WorkerPage;

/** What the flight recorder adds to a task, both sides on one thread, so without the cost of sharing cache lines. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecorderBenchmark {

    private Path directory;
    private SupervisorPage supervisor;
    private WorkerPage worker;
    private long dispatch;

    @Setup
    public void setUp() throws IOException {
        directory = Files.createTempDirectory("procpool-jmh-");
        Path file = directory.resolve("page");
        supervisor = SupervisorPage.create(file, RecorderOptions.DEFAULT);
        worker = WorkerPage.map(file);
    }

    @TearDown
    public void tearDown() throws IOException {
        supervisor.unlink();
        supervisor.close();
        Files.deleteIfExists(directory);
    }

    /** The claim of an offer: offered by one, started by the other. */
    @Benchmark
    public boolean claim() {
        supervisor.offer(++dispatch);
        boolean started = worker.tryStart(dispatch, dispatch);
        worker.publishConsumed(dispatch);
        return started;
    }

    /** The claim of an offer that is taken back. */
    @Benchmark
    public boolean takeBack() {
        supervisor.offer(++dispatch);
        boolean taken = supervisor.revoke(dispatch);
        worker.tryStart(dispatch, dispatch);
        return taken;
    }
}
