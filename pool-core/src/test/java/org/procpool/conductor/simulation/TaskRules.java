package org.procpool.conductor.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;

/** A task's way from submission to its one outcome, through the store where there is one. */
final class TaskRules {

    private static final long SETTLE_AGAIN_MIN_NANOS = 80 * Swarm.MILLI;

    private final Ledger ledger;
    private final QueueRules queue;
    private final QuarantineRules quarantine;
    private final OutcomeRules outcomes;
    private long lastId;
    private long lastLsn;

    TaskRules(Ledger ledger, QueueRules queue, QuarantineRules quarantine, DeathRules deaths, FailureRules failures) {
        this.quarantine = quarantine;
        this.ledger = ledger;
        this.queue = queue;
        this.outcomes = new OutcomeRules(ledger, queue, quarantine, deaths, failures);
        this.lastId = ledger.swarm.firstTaskId - 1;
    }

    /** What the submission must be answered with. */
    void submitting(SimTask task) {
        int size = task.spec.payload().size();
        int ownMax = ledger.queuedPerClientMax;
        if (ledger.draining) {
            task.refusal = RejectReason.DRAINING;
        } else if (!ledger.names.isEmpty() && !ledger.names.contains(task.spec.name())) {
            task.refusal = RejectReason.UNKNOWN_TASK;
        } else if (size > ledger.swarm.pool.payloadBytesMax()) {
            task.refusal = RejectReason.PAYLOAD_TOO_LARGE;
        } else if (ownMax != 0 && task.client.share.waiting >= ownMax) {
            task.refusal = RejectReason.CLIENT_QUEUE_FULL;
        } else if (ledger.waiting >= ledger.queueTasksMax
                || ledger.waiting > 0 && ledger.waitingBytes + size > ledger.queueBytesMax) {
            task.refusal = RejectReason.QUEUE_FULL;
        } else if (quarantine.refuses(task.spec.name())) {
            task.refusal = RejectReason.QUARANTINED;
        } else {
            quarantine.entering(task);
        }
    }

    void persisting(long lsn, StoreRecord record) {
        ledger.check(ledger.swarm.pool.durable(), "a pool without a store was asked to keep something", null);
        ledger.check(lsn == ++lastLsn, "log sequence numbers do not count up", lsn);
        ledger.check(!ledger.forcedBefore(), "kept something after its time was up", record);
        SimTask task = ledger.of(record.task());
        if (record instanceof StoreRecord.Settled settled) {
            if (task.stage == Stage.SETTLING) {
                ledger.check(task.settleFailed && task.outcome == settled.outcome(), "settled twice", task);
                ledger.check(
                        ledger.now >= task.settleFailedNanos + SETTLE_AGAIN_MIN_NANOS, "asked again too soon", task);
            } else {
                decide(task, settled.outcome());
                ledger.move(task, Stage.SETTLING);
            }
            task.settleFailed = false;
            task.settleTries++;
            task.settleLsn = lsn;
        } else {
            ledger.check(
                    task == ledger.inputTask && task.stage == Stage.NEW && task.refusal == null,
                    "must not be kept",
                    task);
            newId(task);
            ledger.move(task, Stage.ACCEPTING);
            task.submitLsn = lsn;
        }
    }

    private void newId(SimTask task) {
        ledger.check(task.id() == ++lastId, "ids do not count up", task);
    }

    void accepted(Task offered) {
        SimTask task = ledger.of(offered);
        if (ledger.swarm.pool.durable()) {
            ledger.check(
                    ledger.input == Step.PERSISTED
                            && task.stage == Stage.ACCEPTING
                            && task.submitLsn <= ledger.inputLsn,
                    "accepted before it was kept",
                    task);
            ledger.check(task.submitLsn > lastAcceptedLsn, "accepted out of order", task);
            lastAcceptedLsn = task.submitLsn;
        } else {
            ledger.check(
                    task == ledger.inputTask && task.stage == Stage.NEW && task.refusal == null,
                    "must not be accepted",
                    task);
            newId(task);
        }
        ledger.accepted++;
        ledger.tally.accepted++;
        ledger.move(task, Stage.QUEUED);
        if (task.stops != 0 || task.expiresNanos <= ledger.now) {
            ledger.mustStop.add(task);
        } else {
            queue.added(task);
        }
    }

    private long lastAcceptedLsn;

    /** The rejected task. */
    SimTask rejected(org.procpool.conductor.Client client, long correlation, RejectReason reason, String message) {
        SimTask task = ledger.tasks.get((int) correlation);
        ledger.check(task.client.client == client, "rejected towards another client", task);
        if (task.stage == Stage.NEW) {
            ledger.check(
                    task == ledger.inputTask && reason == task.refusal,
                    "rejected with " + reason + " instead of " + task.refusal,
                    task);
        } else {
            boolean storeFailed = ledger.input == Step.PERSIST_FAILED && task.submitLsn >= ledger.inputLsn;
            ledger.check(
                    task.stage == Stage.ACCEPTING
                            && (storeFailed || ledger.forced)
                            && reason == RejectReason.STORE_FAILED,
                    "rejected after it was handed in",
                    task);
        }
        checkMessage(task, reason, message);
        ledger.tally.rejections[reason.ordinal()]++;
        ledger.move(task, Stage.REJECTED);
        quarantine.left(task);
        return task;
    }

    private void checkMessage(SimTask task, RejectReason reason, String message) {
        boolean holds = switch (reason) {
            case UNKNOWN_TASK -> checkUnknown(task.spec.name(), message);
            case QUEUE_FULL ->
                message.contains(ledger.waiting + " of " + ledger.queueTasksMax + " tasks")
                        && message.contains(ledger.waitingBytes + " of " + ledger.queueBytesMax + " bytes");
            case CLIENT_QUEUE_FULL ->
                message.contains("has " + task.client.share.waiting + " tasks waiting")
                        && message.contains("max-queued-per-client is " + ledger.queuedPerClientMax);
            case PAYLOAD_TOO_LARGE ->
                message.contains(task.spec.payload().size() + " bytes")
                        && message.contains("" + ledger.swarm.pool.payloadBytesMax());
            case QUARANTINED -> message.contains("task '" + task.spec.name() + "' is in quarantine: ");
            case DRAINING -> message.contains("draining");
            case STORE_FAILED -> message.contains("'" + task.spec.name() + "'");
            case INVALID -> false;
        };
        ledger.check(holds, "the message of " + reason + " does not say enough: " + message, task);
    }

    private boolean checkUnknown(String name, String message) {
        String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
        String meant = Names.meant(name);
        String advice = ledger.names.contains(meant)
                ? "did you mean " + meant + "?"
                : "known are: " + String.join(", ", ledger.names);
        return message.contains("'" + shown + "'") && message.endsWith(advice);
    }

    /** The completed task. */
    SimTask completed(Task ended, Outcome outcome) {
        SimTask task = ledger.of(ended);
        if (task.stage == Stage.SETTLING) {
            boolean kept = ledger.input == Step.PERSISTED && !task.settleFailed && task.settleLsn <= ledger.inputLsn;
            ledger.check(kept || ledger.forced, "reported before it was kept", task);
            ledger.check(task.outcome == outcome, "reported another outcome than the one kept", task);
        } else {
            ledger.check(!ledger.swarm.pool.durable() || ledger.forced, "reported though nobody had kept it", task);
            decide(task, outcome);
        }
        ledger.tally.outcomes[outcome.kind().ordinal()]++;
        ledger.move(task, Stage.SETTLED);
        quarantine.completed(task, outcome);
        return task;
    }

    private void decide(SimTask task, Outcome outcome) {
        boolean expired = task.expiresNanos <= ledger.now
                && (outcome.kind() == OutcomeKind.EXPIRED
                        || outcome.kind() == OutcomeKind.WORKER_LOST
                        || outcome.kind() == OutcomeKind.FAILED);
        if (ledger.input == Step.TICK) {
            queue.noticeReturns(null);
        }
        boolean byPick =
                expired && !ledger.hopeless && (ledger.input != Step.TICK || !ledger.overdue(task.expiresNanos));
        SimOffer back = comingBack(task);
        if (back != null) {
            ledger.comingBack.remove(back);
            outcomes.checkWaiting(task, outcome);
            if (byPick) {
                queue.comesBack(task);
                queue.picked(task);
            }
        } else if (task.stage == Stage.QUEUED || task.stage == Stage.WAITING) {
            outcomes.checkWaiting(task, outcome);
            boolean inLane = !(ledger.input == Step.PERSISTED && ledger.mustStop.contains(task));
            if (byPick && inLane) {
                queue.noticeReturns(null);
                if (task.stage == Stage.WAITING) {
                    queue.repeats(task);
                }
                queue.picked(task);
            } else if (task.stage == Stage.QUEUED && inLane) {
                queue.removed(task);
            }
        } else {
            ledger.check(task.stage == Stage.RUNNING, "ended though it had not begun or had already ended", task);
            outcomes.checkRunning(task, outcome);
        }
        task.outcome = outcome;
    }

    private @Nullable SimOffer comingBack(SimTask task) {
        for (SimOffer offer : ledger.comingBack) {
            if (offer.task == task) {
                return offer;
            }
        }
        return null;
    }

    /** Before the offer is made. */
    void offering(Task offered) {
        SimTask task = ledger.of(offered);
        queue.noticeReturns(task);
        if (task.stage == Stage.WAITING) {
            queue.repeats(task);
        }
        ledger.check(task.stage == Stage.QUEUED, "offered though it does not wait", task);
        ledger.check(task.offer == null, "offered to two workers", task);
        ledger.check(task.stops == 0, "offered though it was stopped", task);
        ledger.check(task.expiresNanos > ledger.now, "offered after its time to live", task);
        ledger.check(!ledger.forced, "offered though the pool's time is up", task);
        int failuresMax = Math.max(1, task.spec.retry().attempts());
        ledger.check(
                task.attempts - task.excused < task.spec.maxAttempts() + failuresMax - 1
                        && (task.failures == 0 || task.mayFailAgain()),
                "offered too often",
                task);
        quarantine.offering(task);
        queue.picked(task);
        queue.begun(task.client.share);
        task.attempts++;
        task.offers++;
        ledger.move(task, Stage.RUNNING);
    }

    void offered(SimOffer offer, Task offered) {
        SimTask task = offer.task;
        task.offer = offer;
        ledger.check(
                offered.attempts() == task.attempts
                        && offered.submittedNanos() == task.submittedNanos
                        && offered.workerSlot() == offer.place.slot
                        && !offered.stopping(),
                "shows wrong facts",
                task);
    }

    /** After every input. */
    void settled() {
        for (SimTask task : ledger.mustStop) {
            SimOffer offer = task.offer;
            boolean stopping =
                    task.stage == Stage.RUNNING && offer != null && (offer.interrupted || !offer.place.works());
            ledger.check(
                    stopping
                            || task.stage == Stage.ACCEPTING && !ledger.forced
                            || task.stage == Stage.SETTLING && !ledger.forced
                            || !task.stage.unfinished(),
                    "was not stopped",
                    task);
        }
        for (SimTask task : ledger.touched) {
            Task known = task.task;
            ledger.check(
                    known == null || task.stage.matches(known.state()),
                    "is in state " + (known == null ? "" : known.state()),
                    task);
            ledger.check(
                    known == null || (task.stage == Stage.RUNNING ? task.slot() : 0) == known.workerSlot(),
                    "is shown on another worker",
                    task);
            ledger.check(
                    known == null || !task.stage.unfinished() || known.attempts() == task.attempts,
                    "shows a wrong number of attempts",
                    task);
        }
        ledger.check(ledger.comingBack.isEmpty(), "went nowhere when they were taken back", ledger.comingBack);
        if (ledger.input == Step.SUBMIT) {
            SimTask task = Objects.requireNonNull(ledger.inputTask);
            ledger.check(task.stage != Stage.NEW, "was not answered", task);
        }
        if (ledger.input == Step.RESULT && ledger.inputTask != null) {
            ledger.check(
                    ledger.inputTask.stage != Stage.RUNNING, "runs on though its result has come", ledger.inputTask);
        }
        if (ledger.hopeless || ledger.drained) {
            for (SimTask task : ledger.tasks) {
                ledger.check(task.stage != Stage.QUEUED && task.stage != Stage.WAITING, "was not given up", task);
            }
        }
    }

    /** After the store's answer: whatever it covers has gone on. */
    void answered(SimTask task) {
        boolean persisted = ledger.input == Step.PERSISTED;
        if (task.stage == Stage.ACCEPTING) {
            ledger.check(
                    persisted ? task.submitLsn > ledger.inputLsn : task.submitLsn < ledger.inputLsn,
                    "is still being accepted",
                    task);
        } else if (task.stage == Stage.SETTLING && !task.settleFailed) {
            if (persisted) {
                ledger.check(task.settleLsn > ledger.inputLsn, "is still being settled", task);
            } else if (task.settleLsn >= ledger.inputLsn) {
                task.settleFailed = true;
                task.settleFailedNanos = ledger.now;
            }
        }
    }
}
