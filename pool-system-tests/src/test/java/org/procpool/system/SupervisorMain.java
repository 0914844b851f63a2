package org.procpool.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;
import org.procpool.proto.Payload;

/** A program that embeds a pool, keeps each of its workers busy with one task, and waits to be killed. */
final class SupervisorMain {

    private SupervisorMain() {}

    /** Run directory, handlers' class path, providers, number of workers, task, payload. */
    public static void main(String[] arguments) throws Exception {
        int workers = Integer.parseInt(arguments[3]);
        PoolOptions options = PoolOptions.defaults()
                .withWorkers(workers)
                .withRunDirectory(Path.of(arguments[0]))
                .withWorkerJvmArgs(List.of("-Xmx64m"))
                .withHandlers(
                        List.of(arguments[1].split(":")).stream().map(Path::of).toList())
                .withProviders(List.of(arguments[2].split(",")));
        try (ProcessPool pool = ProcessPool.builder().options(options).build()) {
            for (int i = 0; i < workers; i++) {
                pool.submit(arguments[4], Payload.of(arguments[5]).bytes());
            }
            while (pool.snapshot().workers().stream().anyMatch(worker -> worker.inFlight() == 0)) {
                Thread.onSpinWait();
            }
            for (var worker : pool.snapshot().workers()) {
                System.out.println("worker " + worker.pid());
            }
            System.out.println("busy");
            new CountDownLatch(1).await();
            pool.drain(Duration.ZERO);
        }
    }
}
