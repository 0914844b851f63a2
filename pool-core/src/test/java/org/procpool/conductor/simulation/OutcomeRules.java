package org.procpool.conductor.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.ExitStatus;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerResult;

/** What an outcome must say, given what led to it. */
final class OutcomeRules {

    private final Ledger ledger;

    OutcomeRules(Ledger ledger) {
        this.ledger = ledger;
    }

    private void checkCommon(SimTask task, Outcome outcome) {
        boolean succeeded = outcome.kind() == OutcomeKind.SUCCEEDED;
        ledger.check(outcome.taskId() == task.id(), "the outcome names another task", task);
        ledger.check(
                outcome.attempts() == task.attempts, "the outcome names " + outcome.attempts() + " attempts", task);
        ledger.check(succeeded == (outcome.error() == null), "an error does not go with " + outcome.kind(), task);
        ledger.check(succeeded || outcome.payload() == Payload.EMPTY, "a payload without success", task);
        ledger.check(succeeded == outcome.succeeded(), "success is not success", task);
        if (task.attempts == 0) {
            ledger.check(
                    outcome.worker() == null
                            && outcome.workerPid() == 0
                            && outcome.runNanos() == 0
                            && outcome.queuedNanos() == ledger.now - task.submittedNanos,
                    "the outcome tells of a run that never was",
                    outcome);
        } else {
            ledger.check(
                    Objects.equals(outcome.worker(), task.worker)
                            && outcome.workerPid() == task.pid
                            && outcome.queuedNanos() == task.startedNanos - task.submittedNanos,
                    "the outcome does not tell of the last run",
                    outcome);
        }
    }

    /** For a task that ends while it waits. */
    void checkWaiting(SimTask task, Outcome outcome) {
        checkCommon(task, outcome);
        TaskError error = Objects.requireNonNull(outcome.error());
        boolean expired = task.expiresNanos <= ledger.now;
        if (task.attempts > 0) {
            ledger.check(outcome.runNanos() == task.lostAfterNanos, "another run time than the last run's", task);
        }
        switch (outcome.kind()) {
            case EXPIRED ->
                ledger.check(expired && task.attempts == 0 && error.type().equals("EXPIRED"), "must not expire", task);
            case WORKER_LOST -> {
                boolean givenUp = ledger.hopeless && error.type().equals("NO_WORKER");
                boolean tooLate = expired && task.attempts > 0 && error.type().equals(task.lostBy);
                ledger.check(givenUp || tooLate, "must not be given up with " + error.type(), task);
                ledger.check(!givenUp || error.message().contains(ledger.inputText), "does not say why", error);
            }
            case CANCELLED -> {
                checkStop(task, outcome.kind(), error.type());
                ledger.check(
                        error.message().contains("had not started") == (task.attempts == 0), "says it wrong", error);
            }
            case SUCCEEDED, FAILED, TIMED_OUT, REJECTED, UNKNOWN ->
                throw ledger.broken("cannot end as " + outcome.kind() + " while it waits", task);
        }
    }

    /** For a task that ends while it runs. */
    void checkRunning(SimTask task, Outcome outcome) {
        checkCommon(task, outcome);
        Place place = ledger.places[task.slot];
        ledger.check(ledger.inputPlace == place && ledger.inputTask == task, "ended by what happened elsewhere", task);
        WorkerResult result = ledger.inputResult;
        if (result != null) {
            checkResult(task, outcome, result);
            place.running = null;
            place.results++;
            if (outcome.succeeded()) {
                place.completed++;
            } else {
                place.failed++;
            }
        } else {
            ExitStatus exit = ledger.inputExit;
            ledger.check(ledger.input == Step.GONE && exit != null, "ended without a result or a death", task);
            checkLoss(task, outcome, place, exit);
        }
    }

    private void checkResult(SimTask task, Outcome outcome, WorkerResult result) {
        ledger.check(outcome.runNanos() == result.runNanos(), "another run time than the worker's", outcome);
        TaskError thrown = result.error();
        TaskError error = outcome.error();
        if (thrown == null) {
            ledger.check(outcome.succeeded() && outcome.payload() == result.payload(), "a success was lost", task);
        } else if (task.stops == 0) {
            ledger.check(outcome.kind() == OutcomeKind.FAILED && error == thrown, "a failure was lost", task);
        } else if (error != null) {
            checkStop(task, outcome.kind(), error.type());
            ledger.check(error.stack().equals(thrown.stack()), "the stack was lost", error);
            ledger.check(error.message().contains("heeded the interrupt"), "does not say how it ended", error);
        }
    }

    private void checkLoss(SimTask task, Outcome outcome, Place place, @Nullable ExitStatus exit) {
        TaskError error = Objects.requireNonNull(outcome.error());
        ExitStatus known = Objects.requireNonNull(exit);
        ledger.check(outcome.runNanos() == ledger.now - task.startedNanos, "another run time", outcome);
        ledger.check(error.outputTail().equals(ledger.inputText), "its last output was lost", error);
        ledger.check(
                error.message().contains(place.id.toString())
                        && error.message().contains("pid " + place.pid)
                        && error.message().contains(known.toString()),
                "does not say who died how",
                error);
        if (task.stops == 0) {
            boolean repeatable = task.attempts < task.spec.maxAttempts()
                    && !(task.client.abandoned && !task.spec.detached())
                    && Ledger.plus(ledger.now, Delays.max(task.attempts)) < task.expiresNanos;
            ledger.check(
                    outcome.kind() == OutcomeKind.WORKER_LOST && error.type().equals(known.name()),
                    "a loss is not reported as such",
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
            default -> 0;
        };
        ledger.check((task.stops & stop) != 0, "was not stopped by " + type, task);
        ledger.check(
                kind == (stop == SimTask.RUN_TIMEOUT ? OutcomeKind.TIMED_OUT : OutcomeKind.CANCELLED),
                "ended as " + kind + " by " + type,
                task);
    }
}
