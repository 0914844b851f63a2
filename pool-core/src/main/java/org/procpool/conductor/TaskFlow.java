package org.procpool.conductor;

import java.util.List;
import java.util.random.RandomGenerator;
import org.procpool.conductor.Task.Stop;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Retry;
import org.procpool.proto.TaskError;
import org.procpool.task.Autopsy;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerResult;

/** A task's way through its states: from submission to the one outcome. Owned by the conductor's thread. */
final class TaskFlow {

    private final ConductorOptions options;
    private final LiveLimits limits;
    private final Effects effects;
    private final Counters counters;
    private final Deadlines deadlines;
    private final Admission admission;
    private final Backoff backoff;
    private final TaskQueue queue = new TaskQueue();
    private final Shares shares;
    private final TaskTable table = new TaskTable();
    private final StoreGate gate = new StoreGate();
    private final Outcomes outcomes;
    private final Quarantine quarantine;
    private final WorkerTable workers;
    private long nextId;
    /** The pool's time is up: nothing waits for the store and nothing is tried again. */
    private boolean forced;

    TaskFlow(
            ConductorOptions options,
            Effects effects,
            Counters counters,
            Deadlines deadlines,
            WorkerTable workers,
            RandomGenerator random,
            long firstId) {
        this.options = options;
        this.limits = new LiveLimits(options);
        this.effects = effects;
        this.counters = counters;
        this.deadlines = deadlines;
        this.workers = workers;
        this.quarantine = new Quarantine(options.poison(), effects);
        this.outcomes = new Outcomes(quarantine);
        this.admission = new Admission(options, limits);
        this.shares = new Shares(limits, queue);
        this.backoff = new Backoff(random);
        this.nextId = firstId;
    }

    LiveLimits limits() {
        return limits;
    }

    /** So much may each client take up from now on. Takes time in proportion to what is unfinished. */
    void limitClients(ClientLimits value) {
        limits.clients(value);
        for (Task task : table.toList()) {
            shares.arrange(task.client().share());
        }
    }

    Admission admission() {
        return admission;
    }

    /** What the workers can do, as the one that got ready last says. */
    void taskNames(List<String> names) {
        admission.taskNames(names);
        counters.known(names);
    }

    TaskQueue queue() {
        return queue;
    }

    TaskTable table() {
        return table;
    }

    Waiting waiting(long nowNanos) {
        Task oldest = queue.oldest();
        return new Waiting(
                admission.waitingTasks(),
                admission.waitingBytes(),
                oldest == null ? 0 : nowNanos - oldest.submittedNanos(),
                shares.full());
    }

    void submit(Client client, long correlation, TaskSpec spec, boolean draining, int readyWorkers, long nowNanos) {
        Admission.Refusal refusal = admission.check(client.share(), spec, draining, readyWorkers);
        if (refusal == null && quarantine.active()) {
            refusal = quarantine.check(spec.name(), nowNanos);
        }
        if (refusal != null) {
            counters.rejected(refusal.reason());
            effects.reject(client, correlation, spec, refusal.reason(), refusal.message());
            return;
        }
        Task task = new Task(nextId++, client, correlation, spec, nowNanos);
        table.put(task);
        if (quarantine.active()) {
            quarantine.entered(task);
        }
        if (!spec.detached()) {
            client.add(task);
        }
        admission.waits(task);
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
            settle(task, outcomes.cancelled(task, nowNanos));
        } else if (task.expiresNanos() <= nowNanos) {
            expire(task, nowNanos);
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
        admission.waitsNoMore(task);
        remove(task);
        counters.rejected(RejectReason.STORE_FAILED);
        effects.reject(
                task.client(),
                task.correlation(),
                task.spec(),
                RejectReason.STORE_FAILED,
                "the store could not keep task '" + task.spec().name() + "'; submit it again later");
    }

    /** Hands the task, which has just left the queue, to a worker with room for it. */
    void offer(Worker worker, Task task, long nowNanos) {
        admission.waitsNoMore(task);
        worker.assign(task);
        workers.updateRoom(worker);
        shares.offered(task.client().share());
        task.to(TaskState.RUNNING);
        task.attempts++;
        task.offeredNanos = nowNanos;
        task.startedNanos = nowNanos;
        task.started = false;
        task.startExact = false;
        task.strayed = false;
        if (!worker.hasRecorder()) {
            started(worker, task, nowNanos);
        }
        effects.offer(worker.id, task.dispatch, task);
    }

    /** The worker began the task at that very time. */
    void started(Worker worker, Task task, long startNanos) {
        worker.offers().exact(task);
        begun(task, startNanos);
        if (worker.phase == Worker.Phase.DYING) {
            // Its death ends the task, not a limit that passes before the reaping.
            deadlines.cancel(task);
        }
    }

    /** The worker has begun the task, at that time at the latest. */
    private void begun(Task task, long startNanos) {
        task.started = true;
        task.startedNanos = startNanos;
        task.runLimitNanos = limits.runLimitNanos(task);
        if (task.stop != Stop.NONE) {
            // What runs now is the grace.
            return;
        }
        if (task.runLimitNanos != 0) {
            deadlines.setIn(task, startNanos, task.runLimitNanos);
        } else {
            deadlines.cancel(task);
        }
    }

    /** Takes an offer back, if the worker has not begun it; the caller decides what becomes of the task. */
    boolean takeBack(Task task, long nowNanos) {
        Worker worker = task.worker;
        if (worker == null || task.started) {
            return false;
        }
        if (!effects.revoke(worker.id, task.dispatch)) {
            begun(task, nowNanos);
            return false;
        }
        worker.takeBack(task);
        workers.updateRoom(worker);
        shares.ended(task.client().share());
        task.attempts--;
        return true;
    }

    /** Takes an offer back and lines the task up again, before all others of its client and priority. */
    boolean putBack(Task task, long nowNanos) {
        if (!takeBack(task, nowNanos)) {
            return false;
        }
        task.strayed = true;
        if (forced) {
            task.stop = Stop.SHUTDOWN;
        } else if (task.client().abandoned && !task.spec().detached()) {
            task.stop = Stop.CLIENT_GONE;
        }
        if (task.stop != Stop.NONE) {
            settle(task, outcomes.cancelled(task, nowNanos));
        } else {
            task.to(TaskState.QUEUED);
            admission.waits(task);
            queue.addFirst(task);
        }
        return true;
    }

    void result(Worker worker, Task task, WorkerResult result, long nowNanos) {
        if (!task.startExact) {
            long sinceOffer = nowNanos - task.offeredNanos;
            task.startedNanos = nowNanos - Math.min(Math.max(result.runNanos(), 0), sinceOffer);
        }
        admission.ran(nowNanos - task.startedNanos);
        Outcome outcome = outcomes.of(worker, task, result);
        worker.answered(task, result.runNanos(), outcome.succeeded());
        workers.updateRoom(worker);
        shares.ended(task.client().share());
        if (outcome.kind() != OutcomeKind.FAILED || !triedAgain(task, outcome, nowNanos)) {
            settle(task, outcome);
        }
    }

    /** Lets a task that its handler has failed wait for its next attempt, if it may have one. */
    private boolean triedAgain(Task task, Outcome failure, long nowNanos) {
        task.failures++;
        Retry retry = task.spec().retry();
        return retry.allows(task.failures)
                && mayRepeat(task)
                && waitsFor(backoff.delayNanos(retry, task.failures), task, failure, nowNanos);
    }

    /** Whether nothing but its attempts is against another one. */
    private boolean mayRepeat(Task task) {
        return !quarantine.holds(task.spec().name()) && (task.spec().detached() || !task.client().abandoned) && !forced;
    }

    /** False, and nothing done, if its time to live does not last until then. */
    private boolean waitsFor(long delayNanos, Task task, Outcome last, long nowNanos) {
        if (nowNanos + delayNanos >= task.expiresNanos()) {
            return false;
        }
        task.loss = last;
        task.to(TaskState.WAITING);
        admission.waits(task);
        deadlines.setIn(task, nowNanos, delayNanos);
        counters.repeated(last.kind());
        return true;
    }

    /** Its worker is gone without a result: ends the task, or lines it up once more. */
    void lost(Worker worker, Task task, Autopsy autopsy, long nowNanos) {
        worker.lost(task);
        shares.ended(task.client().share());
        Outcome loss = outcomes.loss(worker, task, autopsy, nowNanos);
        String name = task.spec().name();
        boolean poison = Attempts.mayBeGuilty(task, autopsy)
                && quarantine.killed(task, autopsy, counters.of(name).answered(), nowNanos);
        boolean repeatable = Attempts.allowAnother(task, autopsy) && mayRepeat(task);
        if (!repeatable || !waitsFor(backoff.delayNanos(task.attempts), task, loss, nowNanos)) {
            settle(task, loss);
        }
        if (poison) {
            quarantine.tell(name);
            endHeldBack(name, nowNanos);
        }
    }

    Quarantine quarantine() {
        return quarantine;
    }

    /** Ends what has not begun of that kind, which is in quarantine. */
    void endHeldBack(String name, long nowNanos) {
        for (Task task : table.toList()) {
            if (task.spec().name().equals(name)) {
                stopUnlessBegun(task, Stop.QUARANTINED, nowNanos);
            }
        }
    }

    /** Ends the task early, or begins to; the first reason stays. */
    void stop(Task task, Stop why, long nowNanos) {
        if (task.stop != Stop.NONE || task.ended()) {
            return;
        }
        task.stop = why;
        switch (task.state()) {
            case QUEUED, WAITING -> settle(task, outcomes.cancelled(task, nowNanos));
            case RUNNING -> {
                if (takeBack(task, nowNanos)) {
                    settle(task, outcomes.cancelled(task, nowNanos));
                } else {
                    interrupt(task, nowNanos);
                }
            }
            case ACCEPTING, SETTLING, SETTLED -> {}
        }
    }

    /** Ends the task early unless it has begun to run. */
    void stopUnlessBegun(Task task, Stop why, long nowNanos) {
        if (task.state() != TaskState.RUNNING) {
            stop(task, why, nowNanos);
        } else if (task.stop == Stop.NONE && takeBack(task, nowNanos)) {
            task.stop = why;
            settle(task, outcomes.cancelled(task, nowNanos));
        }
    }

    /** Its vanished client's grace is over. */
    void abandon(Client client, long nowNanos) {
        client.abandoned = true;
        Task task = client.firstTask();
        while (task != null) {
            // Stopping a task may end it and with that take it out of this list.
            Task next = task.nextOfClient;
            if (client.onDisconnect() == OnDisconnect.CANCEL_ALL) {
                stop(task, Stop.CLIENT_GONE, nowNanos);
            } else {
                stopUnlessBegun(task, Stop.CLIENT_GONE, nowNanos);
            }
            task = next;
        }
    }

    private void interrupt(Task task, long nowNanos) {
        Worker worker = task.worker;
        if (worker == null) {
            throw new IllegalStateException("task " + task.id() + " runs on no worker");
        }
        if (!worker.works()) {
            // It is leaving already; its reaping ends the task.
            deadlines.cancel(task);
            return;
        }
        effects.interrupt(worker.id, task.dispatch);
        deadlines.setIn(task, nowNanos, limits.graceNanos());
    }

    /** Its deadline has passed, and it is not one that costs its worker. */
    void due(Task task, long nowNanos) {
        switch (task.state()) {
            case QUEUED -> expire(task, nowNanos);
            case RUNNING -> {
                if (task.started) {
                    stop(task, Stop.RUN_TIMEOUT, nowNanos);
                } else if (takeBack(task, nowNanos)) {
                    expire(task, nowNanos);
                }
            }
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
                settle(task, Outcomes.unrun(task, OutcomeKind.WORKER_LOST, error, nowNanos));
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
                admission.waitsNoMore(task);
            }
            case ACCEPTING, WAITING -> admission.waitsNoMore(task);
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
        counters.ended(task, outcome);
        effects.complete(task, outcome);
    }

    private void remove(Task task) {
        deadlines.cancel(task);
        task.to(TaskState.SETTLED);
        table.remove(task);
        if (quarantine.active()) {
            quarantine.ended(task);
        }
        if (!task.spec().detached()) {
            task.client().remove(task);
        }
    }

    /** It did not start in time. */
    void expire(Task task, long nowNanos) {
        settle(task, Outcomes.expired(task, queue.size(), nowNanos));
    }
}
