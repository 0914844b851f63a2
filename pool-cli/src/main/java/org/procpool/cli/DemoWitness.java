package org.procpool.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener;
import org.procpool.task.Autopsy;

/** Remembers the life of the workers. Written by the pool's callback thread, read by the demo's. */
final class DemoWitness implements PoolListener {

    private final List<WorkerReady> ready = new ArrayList<>();
    private final List<Autopsy> exited = new ArrayList<>();

    @Override
    public synchronized void workerReady(WorkerReady event) {
        ready.add(event);
        notifyAll();
    }

    @Override
    public synchronized void workerExited(WorkerExited event) {
        exited.add(event.autopsy());
        notifyAll();
    }

    synchronized List<WorkerReady> ready() {
        return List.copyOf(ready);
    }

    synchronized List<Autopsy> exited() {
        return List.copyOf(exited);
    }

    /** Waits until so many have become ready; returns whether they did in time. */
    synchronized boolean awaitReady(int count, long nanos) throws InterruptedException {
        return await(witness -> witness.ready.size() >= count, nanos);
    }

    /** Waits for the exit of that process; null if it does not come in time. */
    synchronized @Nullable Autopsy awaitExit(long pid, long nanos) throws InterruptedException {
        await(witness -> witness.exit(pid) != null, nanos);
        return exit(pid);
    }

    private synchronized @Nullable Autopsy exit(long pid) {
        return exited.stream().filter(event -> event.pid() == pid).findAny().orElse(null);
    }

    private synchronized boolean await(Predicate<DemoWitness> condition, long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!condition.test(this)) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }
}
