package org.procpool.bench.jmh;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Effects;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/** Notes what was offered, so that it can be answered, and does nothing else. */
final class RecordingEffects implements Effects {

    private final WorkerId[] workers;
    private final long[] dispatches;
    private int head;
    private int tail;

    RecordingEffects(int room) {
        workers = new WorkerId[room];
        dispatches = new long[room];
    }

    boolean hasOffer() {
        return head != tail;
    }

    int slot() {
        return workers[head].slot();
    }

    int generation() {
        return workers[head].generation();
    }

    long takeDispatch() {
        long dispatch = dispatches[head];
        head = (head + 1) % dispatches.length;
        return dispatch;
    }

    @Override
    public void offer(WorkerId worker, long dispatch, Task task) {
        workers[tail] = worker;
        dispatches[tail] = dispatch;
        tail = (tail + 1) % dispatches.length;
    }

    @Override
    public boolean revoke(WorkerId worker, long dispatch) {
        return false;
    }

    @Override
    public void launch(WorkerId worker, int release) {}

    @Override
    public void serves(WorkerId worker) {}

    @Override
    public void observe(WorkerId worker) {}

    @Override
    public void aim(WorkerId worker, long dispatch) {}

    @Override
    public void interrupt(WorkerId worker, long dispatch) {}

    @Override
    public void ping(WorkerId worker) {}

    @Override
    public void examine(WorkerId worker) {}

    @Override
    public void weigh(WorkerId worker) {}

    @Override
    public void retiring(WorkerId worker, Departure why, String detail) {}

    @Override
    public void vacated(int slot) {}

    @Override
    public void drain(WorkerId worker) {}

    @Override
    public void kill(WorkerId worker, @Nullable Departure why) {}

    @Override
    public void persist(long lsn, StoreRecord record) {}

    @Override
    public void accept(Task task) {}

    @Override
    public void reject(Client client, long correlation, TaskSpec spec, RejectReason reason, String message) {
        throw new IllegalStateException(message);
    }

    @Override
    public void progress(Task task, double fraction, String note) {}

    @Override
    public void complete(Task task, Outcome outcome) {}

    @Override
    public void departed(Autopsy autopsy) {}

    @Override
    public void degraded(String why) {}

    @Override
    public void recovered() {}

    @Override
    public void stuck(String why) {}

    @Override
    public void unstuck() {}

    @Override
    public void resized(int from, int to, String why) {}

    @Override
    public void paused(boolean paused) {}

    @Override
    public void quarantined(String task, String why, boolean byHand) {}

    @Override
    public void released(String task, String why) {}

    @Override
    public void rolled(int release, @Nullable String failure) {}

    @Override
    public void failed(String why) {}

    @Override
    public void drained() {}
}
