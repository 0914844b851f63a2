package org.procpool.system;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.proto.Payload;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** Pools of real workers with all handlers, and what tests ask of them. */
final class Pools {

    private Pools() {}

    static ProcessPool start(UnaryOperator<PoolOptions> change) {
        return start(change, new PoolListener() {});
    }

    static ProcessPool start(UnaryOperator<PoolOptions> change, PoolListener listener) {
        return ProcessPool.builder()
                .options(change.apply(Handlers.options()))
                .listener(listener)
                .build();
    }

    static ProcessPool ofOne() {
        return start(options -> options.withWorkers(1));
    }

    static TaskSpec task(String name, Object payload) {
        return TaskSpec.of(name, Payload.of(payload.toString()));
    }

    /** Runs the task and waits for its outcome. */
    static Outcome run(ProcessPool pool, String name, Object payload) throws Exception {
        return Eventually.value(pool.submit(name, payload.toString()));
    }

    static Outcome outcome(CompletableFuture<Outcome> future) throws Exception {
        return Eventually.value(future);
    }

    /** Waits until so many workers are busy. */
    static void untilBusy(ProcessPool pool, int count) {
        Eventually.until(
                count + " workers are busy",
                () -> pool.snapshot().workers().stream()
                                .filter(worker -> worker.state() == WorkerState.BUSY)
                                .count()
                        == count);
    }

    static void untilIdle(ProcessPool pool, int count) {
        Eventually.until(
                count + " workers are idle",
                () -> pool.snapshot().workers().stream()
                                .filter(worker -> worker.state() == WorkerState.IDLE)
                                .count()
                        == count);
    }

    static WorkerSnapshot worker(ProcessPool pool, int slot) {
        return pool.snapshot().workers().get(slot - 1);
    }
}
