package org.procpool.bench.jmh;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.procpool.conductor.Client;
import org.procpool.conductor.ClientLimits;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.ConductorOptions;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.PoisonLimits;
import org.procpool.conductor.WorkerLimits;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.task.Routing;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerResult;

/** A task's whole way through the conductor, from its submission to its outcome, in batches as the loop makes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ConductorBenchmark {

    private static final int BATCH = 64;
    private static final int WORKERS = 2;
    private static final long STEP_NANOS = 50_000;

    private final TaskSpec spec = TaskSpec.of("echo", Payload.of(new byte[100]));
    private final WorkerResult result = new WorkerResult(Payload.of(new byte[100]), 1_000, false, null);
    private final RecordingEffects effects = new RecordingEffects(4 * BATCH);
    private Conductor conductor;
    private Client client;
    private long now;
    private long correlation;

    @Setup
    public void setUp() {
        long second = TimeUnit.SECONDS.toNanos(1);
        ConductorOptions options = new ConductorOptions(
                WORKERS,
                0,
                Routing.LEAST_BUSY,
                100_000,
                1L << 28,
                1 << 20,
                512,
                1024,
                0,
                second,
                second,
                second,
                0,
                3,
                50,
                60 * second,
                second,
                WorkerLimits.NONE,
                Elasticity.NONE,
                PoisonLimits.DEFAULT,
                ClientLimits.NONE,
                false);
        conductor = new Conductor(options, effects, 1, 1, now);
        conductor.onStart(now);
        for (int slot = 1; slot <= WORKERS; slot++) {
            conductor.onLaunched(slot, 1, 1000 + slot);
            conductor.onWorkerReady(slot, 1, List.of("echo"), true, 0, now);
        }
        client = conductor.onClientOpened(OnDisconnect.KEEP, this, null);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long task() {
        now += STEP_NANOS;
        for (int i = 0; i < BATCH; i++) {
            conductor.onSubmit(client, ++correlation, spec, now);
        }
        conductor.onTick(now);
        now += STEP_NANOS;
        while (effects.hasOffer()) {
            conductor.onResult(effects.slot(), effects.generation(), effects.takeDispatch(), result, now);
        }
        return conductor.onTick(now);
    }
}
