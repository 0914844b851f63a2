package org.procpool;

import org.procpool.proto.TaskId;
import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Durations;
import org.procpool.task.WorkerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A line for each step in a worker's life, its death with its autopsy in one; the worker's id, and the id of the task
 * that it was running, are in the log's context ({@code worker}, {@code task}). What the task was given or gave is in
 * none of them. Stateless.
 */
final class WorkerLog {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerLog.class);
    private static final String WORKER = "worker";
    private static final String TASK = "task";

    private WorkerLog() {}

    static void launched(WorkerId worker, long pid) {
        MDC.put(WORKER, worker.toString());
        try {
            LOG.info("worker={} state=starting pid={}", worker, pid);
        } finally {
            MDC.remove(WORKER);
        }
    }

    static void ready(WorkerId worker, long pid, long bootMillis) {
        MDC.put(WORKER, worker.toString());
        try {
            LOG.info("worker={} state=ready pid={} bootMillis={}", worker, pid, bootMillis);
        } finally {
            MDC.remove(WORKER);
        }
    }

    static void departed(Autopsy autopsy) {
        MDC.put(WORKER, autopsy.worker().toString());
        if (autopsy.taskId() != 0) {
            MDC.put(TASK, TaskId.format(autopsy.taskId()));
        }
        try {
            if (autopsy.why().isPlanned()) {
                LOG.info(
                        "worker={} state=exited pid={} reason={} exit={}",
                        autopsy.worker(),
                        autopsy.pid(),
                        autopsy.why(),
                        autopsy.exit());
            } else {
                died(autopsy);
            }
        } finally {
            MDC.remove(TASK);
            MDC.remove(WORKER);
        }
    }

    private static void died(Autopsy autopsy) {
        DeathAccount account = autopsy.account();
        LOG.warn(
                "worker={} state=exited pid={} reason={} exit={} up={} done={} task={} name={} ran={} recovered={}"
                        + " returned={} lost={} detail='{}'",
                autopsy.worker(),
                autopsy.pid(),
                autopsy.why(),
                autopsy.exit(),
                Durations.format(autopsy.uptimeNanos()),
                autopsy.results(),
                autopsy.taskId() == 0 ? "none" : TaskId.format(autopsy.taskId()),
                autopsy.task() == null ? "none" : autopsy.task(),
                Durations.format(autopsy.ranNanos()),
                account.recovered(),
                account.returned(),
                account.lost(),
                autopsy.detail());
    }
}
