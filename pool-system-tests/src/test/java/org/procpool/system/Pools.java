package org.procpool.system;

import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.PoolPort;
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
                .listener(Alarms.heardBeside(listener))
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

    /** Waits until so many tasks of that name have really begun: one that was only handed out may be taken back. */
    static void untilRunning(ProcessPool pool, String name, int count) {
        Eventually.until(count + " tasks named " + name + " run", () -> running(pool, name) == count);
    }

    private static long running(ProcessPool pool, String name) throws Exception {
        CompletableFuture<Long> running = new CompletableFuture<>();
        PoolPort port = pool.port();
        port.eventLoop()
                .execute(() -> running.complete(port.tasks(Integer.MAX_VALUE).stream()
                        .filter(task -> task.started() && task.spec().name().equals(name))
                        .count()));
        return Eventually.value(running);
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
