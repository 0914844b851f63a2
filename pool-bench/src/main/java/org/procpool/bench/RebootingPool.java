package org.procpool.bench;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procpool.PoolListener;
import org.procpool.PoolListener.WorkerReady;
import org.procpool.PoolOptions;
import org.procpool.ProcessPool;

/** A pool whose only worker is killed again and again, to see how fast the next one comes. One thread. */
final class RebootingPool implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    /** After so many tasks the pool replaces a dead worker without a pause. */
    private static final int CALM_TASKS = 20;

    private final ProcessPool pool;
    private final BlockingQueue<WorkerReady> boots;
    private WorkerReady present;

    private RebootingPool(ProcessPool pool, BlockingQueue<WorkerReady> boots, WorkerReady present) {
        this.pool = pool;
        this.boots = boots;
        this.present = present;
    }

    static RebootingPool start(PoolOptions options) throws BenchException, InterruptedException {
        BlockingQueue<WorkerReady> boots = new LinkedBlockingQueue<>();
        PoolListener listener = new PoolListener() {
            @Override
            public void workerReady(WorkerReady event) {
                boots.add(event);
            }
        };
        ProcessPool pool =
                ProcessPool.builder().options(options).listener(listener).build();
        try {
            return new RebootingPool(pool, boots, next(boots));
        } catch (BenchException | InterruptedException e) {
            pool.close();
            throw e;
        }
    }

    private static WorkerReady next(BlockingQueue<WorkerReady> boots) throws BenchException, InterruptedException {
        WorkerReady ready = boots.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (ready == null) {
            throw new BenchException("no worker was ready after " + PATIENCE_SECONDS + " s");
        }
        return ready;
    }

    /** Kills the worker and returns its replacement as soon as that is ready. */
    WorkerReady reboot() throws BenchException, InterruptedException {
        for (int i = 0; i < CALM_TASKS; i++) {
            try {
                pool.submit("echo", "calm").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new BenchException("an echo has no outcome after " + PATIENCE_SECONDS + " s", e);
            }
        }
        ProcessHandle.of(present.pid()).ifPresent(ProcessHandle::destroyForcibly);
        present = next(boots);
        return present;
    }

    @Override
    public void close() {
        pool.close();
    }
}
