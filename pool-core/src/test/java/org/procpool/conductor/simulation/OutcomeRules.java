package org.procpool.conductor.simulation;

import java.util.Objects;
import org.procpool.conductor.simulation.SimOffer.Known;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerResult;

/** What an outcome must say, given what led to it. */
final class OutcomeRules {

    private final Ledger ledger;

    private final QuarantineRules quarantine;
    private final FailureRules failures;
    private final QueueRules queue;
    private final DeathRules deaths;

    OutcomeRules(
            Ledger ledger, QueueRules queue, QuarantineRules quarantine, DeathRules deaths, FailureRules failures) {
        this.quarantine = quarantine;
        this.queue = queue;
        this.ledger = ledger;
        this.deaths = deaths;
        this.failures = failures;
    }

    private void checkCommon(SimTask task, Outcome outcome) {
        boolean succeeded = outcome.kind() == OutcomeKind.SUCCEEDED;
        ledger.check(outcome.taskId() == task.id(), "the outcome names another task", task);
        ledger.check(
                outcome.attempts() == task.attempts, "the outcome names " + outcome.attempts() + " attempts", task);
        ledger.check(succeeded == (outcome.error() == null), "an error does not go with " + outcome.kind(), task);
        ledger.check(succeeded || outcome.payload() == Payload.EMPTY, "a payload without success", task);
        ledger.check(succeeded == outcome.succeeded(), "success is not success", task);
        ledger.check(
                outcome.attempts() == task.starts || task.doubtful > 0 && outcome.attempts() > task.starts,
                "it started " + task.starts + " times",
                task);
        SimOffer last = task.offer != null ? task.offer : task.lost;
        if (last == null) {
            ledger.check(
                    outcome.attempts() == 0
                            && outcome.worker() == null
                            && outcome.workerPid() == 0
                            && outcome.runNanos() == 0
                            && outcome.queuedNanos() == ledger.now - task.submittedNanos,
                    "the outcome tells of a run that never was",
                    outcome);
        } else {
            ledger.check(
                    Objects.equals(outcome.worker(), last.worker) && outcome.workerPid() == last.pid,
                    "the outcome does not tell of the last run",
                    outcome);
        }
    }

    private static long start(SimTask task, Outcome outcome) {
        return task.submittedNanos + outcome.queuedNanos();
    }

    /** For a task that ends while it waits. */
    void checkWaiting(SimTask task, Outcome outcome) {
        checkCommon(task, outcome);
        TaskError error = Objects.requireNonNull(outcome.error());
        boolean expired = task.expiresNanos <= ledger.now;
        SimOffer lost = task.lost;
        if (task.failure != null) {
            ledger.check(outcome.runNanos() == task.failure.runNanos(), "another run time than the last run's", task);
        } else if (lost != null) {
            ledger.check(
                    lost.mayHaveStarted(start(task, outcome))
                            && start(task, outcome) + outcome.runNanos() == task.lostNanos,
                    "another run time than the last run's",
                    task);
        }
        switch (outcome.kind()) {
            case EXPIRED ->
                ledger.check(expired && task.attempts == 0 && error.type().equals("EXPIRED"), "must not expire", task);
            case WORKER_LOST -> {
                boolean givenUp = ledger.hopeless && error.type().equals("NO_WORKER");
                boolean tooLate = expired
                        && task.failure == null
                        && task.attempts > 0
                        && DeathRules.names(task.lostBy, error.type());
                boolean heldBack = quarantine.holdsSinceNow(task.spec.name())
                        && task.failure == null
                        && task.attempts > 0
                        && DeathRules.names(task.lostBy, error.type());
                ledger.check(givenUp || tooLate || heldBack, "must not be given up with " + error.type(), task);
                ledger.check(!givenUp || ledger.saysWhy(error.message()), "does not say why", error);
            }
            case CANCELLED -> {
                checkStop(task, outcome.kind(), error.type());
                ledger.check(
                        error.message().contains("had not started") == (task.attempts == 0), "says it wrong", error);
            }
            case FAILED ->
                ledger.check(
                        expired && task.failure != null && error == task.failure.error(),
                        "must not end as failed",
                        task);
            case SUCCEEDED, TIMED_OUT, REJECTED, UNKNOWN ->
                throw ledger.broken("cannot end as " + outcome.kind() + " while it waits", task);
        }
    }

    /** For a task that ends while it runs. */
    void checkRunning(SimTask task, Outcome outcome) {
        SimOffer offer = Objects.requireNonNull(task.offer);
        Place place = offer.place;
        ledger.check(ledger.inputPlace == place, "ended by what happened elsewhere", task);
        if (place.wanted != null
                && place.wanted.isPlanned()
                && place.wanted != Departure.DRAINED
                && outcome.kind() == OutcomeKind.TIMED_OUT
                && offer.limitNanos <= ledger.now) {
            // A worker that leaves need not be interrupted: it is killed soon.
            task.stops |= SimTask.RUN_TIMEOUT;
        }
        WorkerResult result = ledger.inputResult;
        if (result != null) {
            ledger.check(ledger.inputOffer == offer, "ended by another's result", task);
            queue.ended(task.client.share);
            checkCommon(task, outcome);
            checkResult(offer, outcome, result);
            place.results++;
            if (outcome.succeeded()) {
                place.completed++;
            } else {
                place.failed++;
            }
        } else {
            ledger.check(ledger.input == Step.GONE, "ended without a result or a death", task);
            place.inFlight.remove(offer);
            deaths.lost(offer);
            checkCommon(task, outcome);
            checkLoss(offer, outcome);
        }
        task.offer = null;
    }

    private void checkResult(SimOffer offer, Outcome outcome, WorkerResult result) {
        SimTask task = offer.task;
        long start = offer.known == Known.EXACTLY
                ? offer.startNanos
                : Math.max(offer.offeredNanos, Math.min(ledger.now, ledger.now - result.runNanos()));
        ledger.check(start(task, outcome) == start, "did not start at " + start(task, outcome), offer);
        ledger.check(outcome.runNanos() == result.runNanos(), "another run time than the worker's", outcome);
        TaskError thrown = result.error();
        TaskError error = outcome.error();
        if (thrown == null) {
            ledger.check(outcome.succeeded() && outcome.payload() == result.payload(), "a success was lost", task);
        } else if (task.stops == 0) {
            ledger.check(outcome.kind() == OutcomeKind.FAILED && error == thrown, "a failure was lost", task);
            ledger.check(!failures.mustTryAgain(task), "should have been tried again", task);
        } else if (error != null) {
            checkStop(task, outcome.kind(), error.type());
            ledger.check(error.stack().equals(thrown.stack()), "the stack was lost", error);
            ledger.check(error.message().contains("heeded the interrupt"), "does not say how it ended", error);
        }
    }

    private void checkLoss(SimOffer offer, Outcome outcome) {
        SimTask task = offer.task;
        Place place = offer.place;
        TaskError error = Objects.requireNonNull(outcome.error());
        WorkerEnd end = Objects.requireNonNull(ledger.inputEnd);
        ledger.check(
                offer.mayHaveStarted(start(task, outcome)) && start(task, outcome) + outcome.runNanos() == ledger.now,
                "lost after " + outcome.runNanos() + ", started at " + start(task, outcome),
                offer);
        ledger.check(error.outputTail().equals(end.taskOutput()), "its last output was lost", error);
        ledger.check(
                error.message().contains(place.id.toString())
                        && error.message().contains("pid " + place.pid)
                        && error.message().contains(end.exit().toString()),
                "does not say who died how",
                error);
        if (task.stops == 0) {
            boolean repeatable = task.mayRepeat()
                    && !quarantine.holds(task.spec.name())
                    && !(task.client.abandoned && !task.spec.detached())
                    && Ledger.plus(ledger.now, Delays.max(task.attempts)) < task.expiresNanos;
            ledger.check(
                    outcome.kind() == OutcomeKind.WORKER_LOST && DeathRules.names(deaths.lostBy(place), error.type()),
                    "a loss is reported as " + outcome.kind() + " " + error,
                    task);
            ledger.check(!repeatable, "should have been repeated", task);
        } else {
            checkStop(task, outcome.kind(), error.type());
        }
    }

    private void checkStop(SimTask task, OutcomeKind kind, String type) {
        int stop = switch (type) {
            case "RUN_TIMEOUT" -> SimTask.RUN_TIMEOUT;
            case "CANCEL" -> SimTask.CANCEL;
            case "CLIENT_GONE" -> SimTask.CLIENT_GONE;
            case "SHUTDOWN" -> SimTask.SHUTDOWN;
            case "QUARANTINED" -> SimTask.QUARANTINED;
            default -> 0;
        };
        boolean heldBack = stop == SimTask.QUARANTINED && quarantine.holdsSinceNow(task.spec.name());
        ledger.check((task.stops & stop) != 0 || heldBack, "was not stopped by " + type, task);
        ledger.check(
                kind == (stop == SimTask.RUN_TIMEOUT ? OutcomeKind.TIMED_OUT : OutcomeKind.CANCELLED),
                "ended as " + kind + " by " + type,
                task);
    }
}
