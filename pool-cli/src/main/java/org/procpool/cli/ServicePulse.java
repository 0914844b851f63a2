package org.procpool.cli;

import java.util.Locale;
import org.procpool.PoolSnapshot;
import org.procpool.server.systemd.Notifier.Pulse;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** What {@code systemctl status} shows of a service. */
final class ServicePulse {

    private ServicePulse() {}

    static Pulse of(PoolSnapshot pool) {
        long busy = pool.workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .count();
        long serving = busy
                + pool.workers().stream()
                        .map(WorkerSnapshot::state)
                        .filter(state -> state == WorkerState.IDLE)
                        .count();
        String stuck = pool.stuck() == null ? "" : "STUCK (" + pool.stuck() + "), ";
        String why = pool.degraded() == null ? "" : " (" + pool.degraded() + ")";
        String status =
                stuck + pool.state().name().toLowerCase(Locale.ROOT) + why + ": " + serving + " workers, " + busy
                        + " busy; tasks: " + pool.queuedTasks() + " queued, "
                        + pool.totals().ended() + " done, "
                        + pool.totals().workerLost() + " lost with their worker";
        return new Pulse(status, pool.state() == PoolState.DRAINING || pool.state() == PoolState.STOPPED);
    }
}
