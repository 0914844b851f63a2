package org.procpool.conductor;

import static org.procpool.task.Durations.format;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task.Stop;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerResult;

/** Puts into words how a task ended. Owned by the conductor's thread. */
final class Outcomes {

    private final Quarantine quarantine;

    Outcomes(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    /** What the worker's answer means. */
    Outcome of(Worker worker, Task task, WorkerResult result) {
        TaskError error = result.error();
        if (error == null) {
            // Whatever was under way against it: it finished, and that wins.
            return outcome(task, worker, OutcomeKind.SUCCEEDED, result.payload(), result.runNanos(), null);
        }
        OutcomeKind kind = kindOf(task, OutcomeKind.FAILED);
        TaskError told = kind == OutcomeKind.FAILED
                ? error
                : new TaskError(
                        task.stop.name(),
                        stopped(task) + " and heeded the interrupt",
                        error.stack(),
                        error.outputTail());
        return outcome(task, worker, kind, Payload.EMPTY, result.runNanos(), told);
    }

    /** Its worker is gone and left no answer. */
    Outcome loss(Worker worker, Task task, Autopsy autopsy, long nowNanos) {
        String who = "worker " + worker.id + " (pid " + worker.pid + ")";
        String tail = autopsy.end() == null ? "" : autopsy.end().taskOutput();
        TaskError error = task.stop == Stop.NONE
                ? new TaskError(lossType(autopsy), who + " died while running it: " + autopsy.detail(), "", tail)
                : new TaskError(
                        task.stop.name(),
                        stopped(task) + "; " + who
                                + (worker.departure == Departure.DRAINED ? "" : " did not heed the interrupt and")
                                + " was ended: " + autopsy.exit(),
                        "",
                        tail);
        OutcomeKind kind = kindOf(task, OutcomeKind.WORKER_LOST);
        return outcome(
                task, worker, kind, Payload.EMPTY, nowNanos - task.startedNanos, error.withAutopsy(autopsy.text()));
    }

    static String lossType(Autopsy autopsy) {
        boolean telling = autopsy.why() == Departure.OUT_OF_MEMORY || autopsy.why() == Departure.HUNG;
        return telling || autopsy.end() == null
                ? autopsy.why().name()
                : autopsy.end().exit().name();
    }

    /** What an end means for a task, given that somebody may have wanted it. */
    private static OutcomeKind kindOf(Task task, OutcomeKind unwanted) {
        return switch (task.stop) {
            case NONE -> unwanted;
            case RUN_TIMEOUT -> OutcomeKind.TIMED_OUT;
            case CANCEL, CLIENT_GONE, SHUTDOWN, QUARANTINED -> OutcomeKind.CANCELLED;
        };
    }

    private String stopped(Task task) {
        return switch (task.stop) {
            case NONE -> throw new IllegalStateException("task " + task.id() + " is not being stopped");
            case RUN_TIMEOUT -> "it ran past its limit of " + format(task.runLimitNanos);
            case CANCEL -> "it was cancelled by a client";
            case CLIENT_GONE -> "its client vanished";
            case SHUTDOWN -> "the pool shut down before it finished";
            case QUARANTINED ->
                "tasks '" + task.spec().name() + "' are in quarantine: "
                        + quarantine.why(task.spec().name());
        };
    }

    /** It did not start in time. */
    static Outcome expired(Task task, int waiting, long nowNanos) {
        Outcome loss = task.loss;
        if (loss != null) {
            // EXPIRED would say that it never ran.
            return loss;
        }
        String message = "it did not start within its time to live of "
                + format(task.spec().ttlNanos()) + "; " + waiting + " tasks were waiting";
        return unrun(task, OutcomeKind.EXPIRED, TaskError.of("EXPIRED", message), nowNanos);
    }

    /** Somebody wanted its end while it waited. */
    Outcome cancelled(Task task, long nowNanos) {
        Outcome last = task.loss;
        if (task.stop == Stop.QUARANTINED && last != null && last.kind() == OutcomeKind.WORKER_LOST) {
            // It is one of those that killed their workers.
            return last;
        }
        String stood = last == null
                ? "; it had not started"
                : "; it was to be tried again after its "
                        + (last.kind() == OutcomeKind.FAILED ? "handler failed" : "worker was lost");
        TaskError error = TaskError.of(task.stop.name(), stopped(task) + stood);
        return unrun(task, OutcomeKind.CANCELLED, error, nowNanos);
    }

    /** For tasks that end while they wait; of those that have run before it tells the last run. */
    static Outcome unrun(Task task, OutcomeKind kind, TaskError error, long nowNanos) {
        Outcome loss = task.loss;
        if (loss != null) {
            return new Outcome(
                    task.id(),
                    kind,
                    Payload.EMPTY,
                    loss.worker(),
                    loss.workerPid(),
                    task.attempts,
                    loss.queuedNanos(),
                    loss.runNanos(),
                    error);
        }
        return new Outcome(
                task.id(), kind, Payload.EMPTY, null, 0, task.attempts, nowNanos - task.submittedNanos(), 0, error);
    }

    private static Outcome outcome(
            Task task, Worker worker, OutcomeKind kind, Payload payload, long runNanos, @Nullable TaskError error) {
        return new Outcome(
                task.id(),
                kind,
                payload,
                worker.id,
                worker.pid,
                task.attempts,
                task.startedNanos - task.submittedNanos(),
                runNanos,
                error);
    }
}
