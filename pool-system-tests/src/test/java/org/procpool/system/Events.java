package org.procpool.system;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.procpool.PoolListener;
import org.procpool.task.Autopsy;

/** Keeps what a pool tells of its workers' lives. */
final class Events implements PoolListener {

    final List<WorkerStarted> started = new CopyOnWriteArrayList<>();
    final List<WorkerReady> ready = new CopyOnWriteArrayList<>();
    final List<WorkerDisconnected> disconnected = new CopyOnWriteArrayList<>();
    final List<Autopsy> exited = new CopyOnWriteArrayList<>();
    /** All of them, in their order. */
    final List<Object> all = new CopyOnWriteArrayList<>();

    @Override
    public void workerStarted(WorkerStarted event) {
        started.add(event);
        all.add(event);
    }

    @Override
    public void workerReady(WorkerReady event) {
        ready.add(event);
        all.add(event);
    }

    @Override
    public void workerDisconnected(WorkerDisconnected event) {
        disconnected.add(event);
        all.add(event);
    }

    @Override
    public void workerExited(WorkerExited event) {
        exited.add(event.autopsy());
        all.add(event);
    }
}
