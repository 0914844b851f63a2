package org.procpool;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.task.ClientLoad;
import org.procpool.task.PoolState;
import org.procpool.task.QuarantinedTask;
import org.procpool.task.Routing;
import org.procpool.task.Totals;
import org.procpool.task.WorkerSnapshot;

/**
 * A pool at one moment; all numbers belong together.
 *
 * @param uptimeMillis since the pool was started
 * @param workersTarget how many workers are to serve; the spares come on top
 * @param workersMin fewest that the pool shrinks to by itself; as many as the target if it does not
 * @param workersMax most that it grows to by itself; as many as the target if it does not
 * @param paused whether nothing is started though tasks are accepted
 * @param rolling whether workers are being replaced by such of another release
 * @param quarantined tasks that are held back, by name
 * @param taskNames what the workers can do, sorted
 * @param queuedTasks tasks that wait for a worker or their next attempt
 * @param queuedBytes their payloads
 * @param queueTasksMax the bound of the former
 * @param clients what one client may take up of it
 * @param restarts processes started beyond the first of each place
 * @param staleMessages messages of workers that came too late to matter and were dropped
 * @param stuck what is wrong if tasks wait although a worker has nothing to do; null if that is not so
 * @param stuckAlarms how often it has been so
 * @param degraded why the pool is DEGRADED, with the numbers; null if it is not
 */
public record PoolSnapshot(
        String name,
        PoolState state,
        long uptimeMillis,
        Routing routing,
        List<WorkerSnapshot> workers,
        int workersTarget,
        int workersMin,
        int workersMax,
        boolean paused,
        boolean rolling,
        List<QuarantinedTask> quarantined,
        List<String> taskNames,
        int queuedTasks,
        long queuedBytes,
        int queueTasksMax,
        ClientLoad clients,
        Totals totals,
        long restarts,
        long staleMessages,
        @Nullable String stuck,
        long stuckAlarms,
        @Nullable String degraded) {}
