package org.procpool.conductor;

import static org.procpool.task.Durations.format;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Task.Stop;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerResult;

/** A task's way through its states: from submission to the one outcome. Owned by the conductor's thread. */
final class TaskFlow {

    private final ConductorOptions options;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final Admission admission;
    private final Backoff backoff;
    private final TaskQueue queue = new TaskQueue();
    private final TaskTable table = new TaskTable();
    private final StoreGate gate = new StoreGate();
    private long nextId;
    /** The pool's time is up: nothing waits for the store and nothing is tried again. */
    private boolean forced;

    TaskFlow(
            ConductorOptions options,
            Effects effects,
            Counters counters,
            Deadlines deadlines,
            RandomGenerator random,
            long firstId) {
        this.options = options;
        this.effects = effects;
        this.counters = counters;
        this.deadlines = deadlines;
        this.admission = new Admission(options);
        this.backoff = new Backoff(random);
        this.nextId = firstId;
    }

    Admission admission() {
        return admission;
    }

    TaskQueue queue() {
        return queue;
    }

    TaskTable table() {
        return table;
    }

    void submit(Client client, long correlation, TaskSpec spec, boolean draining, int readyWorkers, long nowNanos) {
        Admission.Refusal refusal = admission.check(spec, draining, readyWorkers);
        if (refusal != null) {
            counters.rejected(refusal.reason());
            effects.reject(client, correlation, refusal.reason(), refusal.message());
            return;
        }
        Task task = new Task(nextId++, client, correlation, spec, nowNanos);
        table.put(task);
        if (!spec.detached()) {
            client.add(task);
        }
        admission.waits(spec);
        if (options.durable()) {
            persist(new StoreRecord.Submitted(task));
        } else {
            accepted(task, nowNanos);
        }
    }

    private void accepted(Task task, long nowNanos) {
        counters.accepted();
        effects.accept(task);
        if (task.stop != Stop.NONE) {
            settle(task, cancelled(task, nowNanos));
        } else if (task.expiresNanos() <= nowNanos) {
            settle(task, expired(task, nowNanos));
        } else {
            task.to(TaskState.QUEUED);
            if (task.expiresNanos() != Long.MAX_VALUE) {
                deadlines.set(task, task.expiresNanos());
            }
            queue.addLast(task);
        }
    }

    private void persist(StoreRecord record) {
        effects.persist(gate.add(record), record);
    }

    void persisted(long upTo, long nowNanos) {
        for (StoreRecord record = gate.pollUpTo(upTo); record != null; record = gate.pollUpTo(upTo)) {
            Task task = record.task();
            // A forced stop may have ended the task while the store was at work.
            if (record instanceof StoreRecord.Submitted && task.state() == TaskState.ACCEPTING) {
                accepted(task, nowNanos);
            } else if (record instanceof StoreRecord.Settled settled && task.state() == TaskState.SETTLING) {
                finish(task, settled.outcome());
            }
        }
    }

    void persistFailed(long from, long nowNanos) {
        for (StoreRecord record = gate.pollFrom(from); record != null; record = gate.pollFrom(from)) {
            Task task = record.task();
            if (record instanceof StoreRecord.Submitted && task.state() == TaskState.ACCEPTING) {
                refuse(task);
            } else if (record instanceof StoreRecord.Settled && task.state() == TaskState.SETTLING) {
                // It has run; all that can be done is to try the store again.
                deadlines.setIn(task, nowNanos, backoff.delayNanos(1));
            }
        }
    }

    private void refuse(Task task) {
        admission.waitsNoMore(task.spec());
        remove(task);
        counters.rejected(RejectReason.STORE_FAILED);
        effects.reject(
                task.client(),
                task.correlation(),
                RejectReason.STORE_FAILED,
                "the store could not keep task '" + task.spec().name() + "'; submit it again later");
    }

    /** Hands the next task to the worker. False if all that waited had expired. */
    boolean offerNext(Worker worker, long offer, long nowNanos) {
        Task task = queue.poll();
        while (task != null && task.expiresNanos() <= nowNanos) {
            expire(task, nowNanos);
            task = queue.poll();
        }
        if (task == null) {
            return false;
        }
        deadlines.cancel(task);
        admission.waitsNoMore(task.spec());
        worker.assign(task);
        worker.lastOffer = offer;
        task.to(TaskState.RUNNING);
        task.attempts++;
        task.startedNanos = nowNanos;
        long limit = runLimitNanos(task);
        if (limit != 0) {
            deadlines.setIn(task, nowNanos, limit);
        }
        effects.offer(worker.id, task.dispatch, task);
        return true;
    }

    private long runLimitNanos(Task task) {
        return task.spec().runTimeoutNanos() != 0 ? task.spec().runTimeoutNanos() : options.runTimeoutNanos();
    }

    void result(Worker worker, Task task, WorkerResult result, long nowNanos) {
        admission.ran(nowNanos - task.startedNanos);
        Outcome outcome = outcomeOf(worker, task, result);
        worker.results++;
        if (outcome.succeeded()) {
            worker.completed++;
        } else {
            worker.failed++;
        }
        worker.release(task);
        settle(task, outcome);
    }

    private Outcome outcomeOf(Worker worker, Task task, WorkerResult result) {
        TaskError error = result.error();
        if (error == null) {
            // Whatever was under way against it: it finished, and that wins.
            return outcome(task, worker, OutcomeKind.SUCCEEDED, result.payload(), result.runNanos(), null);
        }
        OutcomeKind kind = switch (task.stop) {
            case NONE -> OutcomeKind.FAILED;
            case RUN_TIMEOUT -> OutcomeKind.TIMED_OUT;
            case CANCEL, CLIENT_GONE, SHUTDOWN -> OutcomeKind.CANCELLED;
        };
        TaskError told = kind == OutcomeKind.FAILED
                ? error
                : new TaskError(task.stop.name(), stopped(task) + " and heeded the interrupt", error.stack(), "");
        return outcome(task, worker, kind, Payload.EMPTY, result.runNanos(), told);
    }

    /** Its worker is gone without a result: ends the task, or lines it up once more. */
    void lost(Worker worker, Task task, ExitStatus exit, String outputTail, long nowNanos) {
        worker.release(task);
        worker.failed++;
        Outcome loss = loss(worker, task, exit, outputTail, nowNanos);
        boolean repeatable = task.stop == Stop.NONE
                && task.attempts < task.spec().maxAttempts()
                && (task.spec().detached() || !task.client().abandoned)
                && !forced;
        long delay = repeatable ? backoff.delayNanos(task.attempts) : 0;
        if (repeatable && nowNanos + delay < task.expiresNanos()) {
            task.loss = loss;
            task.to(TaskState.WAITING);
            admission.waits(task.spec());
            deadlines.setIn(task, nowNanos, delay);
        } else {
            settle(task, loss);
        }
    }

    private Outcome loss(Worker worker, Task task, ExitStatus exit, String outputTail, long nowNanos) {
        String who = "worker " + worker.id + " (pid " + worker.pid + ")";
        long ran = nowNanos - task.startedNanos;
        OutcomeKind kind = switch (task.stop) {
            case NONE -> OutcomeKind.WORKER_LOST;
            case RUN_TIMEOUT -> OutcomeKind.TIMED_OUT;
            case CANCEL, CLIENT_GONE, SHUTDOWN -> OutcomeKind.CANCELLED;
        };
        TaskError error = task.stop == Stop.NONE
                ? new TaskError(exit.name(), who + " died while running it: " + exit, "", outputTail)
                : new TaskError(
                        task.stop.name(),
                        stopped(task) + "; " + who
                                + (worker.departure == Departure.DRAINED ? "" : " did not heed the interrupt and")
                                + " was ended: " + exit,
                        "",
                        outputTail);
        return outcome(task, worker, kind, Payload.EMPTY, ran, error);
    }

    private String stopped(Task task) {
        return switch (task.stop) {
            case NONE -> throw new IllegalStateException("task " + task.id() + " is not being stopped");
            case RUN_TIMEOUT -> "it ran past its limit of " + format(runLimitNanos(task));
            case CANCEL -> "it was cancelled by a client";
            case CLIENT_GONE -> "its client vanished";
            case SHUTDOWN -> "the pool shut down before it finished";
        };
    }

    /** Ends the task early, or begins to; the first reason stays. */
    void stop(Task task, Stop why, long nowNanos) {
        if (task.stop != Stop.NONE || task.ended()) {
            return;
        }
        task.stop = why;
        switch (task.state()) {
            case QUEUED, WAITING -> settle(task, cancelled(task, nowNanos));
            case RUNNING -> interrupt(task, nowNanos);
            case ACCEPTING, SETTLING, SETTLED -> {}
        }
    }

    private void interrupt(Task task, long nowNanos) {
        Worker worker = task.worker;
        if (worker == null) {
            throw new IllegalStateException("task " + task.id() + " runs on no worker");
        }
        if (worker.phase != Worker.Phase.READY) {
            // It is being killed already; its reaping ends the task.
            return;
        }
        effects.interrupt(worker.id, task.dispatch);
        deadlines.setIn(task, nowNanos, options.graceNanos());
    }

    /** Its deadline has passed, and it is not one that costs its worker. */
    void due(Task task, long nowNanos) {
        switch (task.state()) {
            case QUEUED -> expire(task, nowNanos);
            case RUNNING -> stop(task, Stop.RUN_TIMEOUT, nowNanos);
            case WAITING -> {
                task.to(TaskState.QUEUED);
                queue.addFirst(task);
                if (task.expiresNanos() != Long.MAX_VALUE) {
                    deadlines.set(task, task.expiresNanos());
                }
            }
            case SETTLING -> {
                if (task.outcome != null) {
                    persist(new StoreRecord.Settled(task, task.outcome));
                }
            }
            case ACCEPTING, SETTLED ->
                throw new IllegalStateException("task " + task.id() + " has a deadline in state " + task.state());
        }
    }

    /** Nothing can run the tasks that wait: ends them all. */
    void giveUpWaiting(String why, long nowNanos) {
        for (Task task : table.toList()) {
            if (task.state() == TaskState.QUEUED || task.state() == TaskState.WAITING) {
                TaskError error = TaskError.of("NO_WORKER", why);
                settle(task, unrun(task, OutcomeKind.WORKER_LOST, error, nowNanos));
            }
        }
    }

    /** The pool's time is up: ends what can be ended at once and begins to end the rest. */
    void force(long nowNanos) {
        forced = true;
        for (Task task : table.toList()) {
            if (task.state() == TaskState.ACCEPTING) {
                refuse(task);
            } else if (task.state() == TaskState.SETTLING && task.outcome != null) {
                finish(task, task.outcome);
            } else {
                stop(task, Stop.SHUTDOWN, nowNanos);
            }
        }
    }

    private void settle(Task task, Outcome outcome) {
        switch (task.state()) {
            case QUEUED -> {
                if (task.inQueue) {
                    queue.remove(task);
                }
                admission.waitsNoMore(task.spec());
            }
            case ACCEPTING, WAITING -> admission.waitsNoMore(task.spec());
            case RUNNING, SETTLING, SETTLED -> {}
        }
        deadlines.cancel(task);
        task.outcome = outcome;
        if (options.durable() && !forced) {
            task.to(TaskState.SETTLING);
            persist(new StoreRecord.Settled(task, outcome));
        } else {
            finish(task, outcome);
        }
    }

    private void finish(Task task, Outcome outcome) {
        remove(task);
        counters.ended(outcome.kind());
        effects.complete(task, outcome);
    }

    private void remove(Task task) {
        deadlines.cancel(task);
        task.to(TaskState.SETTLED);
        table.remove(task);
        if (!task.spec().detached()) {
            task.client().remove(task);
        }
    }

    private void expire(Task task, long nowNanos) {
        settle(task, expired(task, nowNanos));
    }

    private Outcome expired(Task task, long nowNanos) {
        Outcome loss = task.loss;
        if (loss != null) {
            // EXPIRED would say that it never ran.
            return loss;
        }
        String message = "it did not start within its time to live of "
                + format(task.spec().ttlNanos()) + "; " + queue.size() + " tasks were waiting";
        return unrun(task, OutcomeKind.EXPIRED, TaskError.of("EXPIRED", message), nowNanos);
    }

    private Outcome cancelled(Task task, long nowNanos) {
        String stood =
                task.loss == null ? "; it had not started" : "; it was to be tried again after its worker was lost";
        TaskError error = TaskError.of(task.stop.name(), stopped(task) + stood);
        return unrun(task, OutcomeKind.CANCELLED, error, nowNanos);
    }

    /** For tasks that end while they wait; of those that have run before it tells the last run. */
    private static Outcome unrun(Task task, OutcomeKind kind, TaskError error, long nowNanos) {
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
