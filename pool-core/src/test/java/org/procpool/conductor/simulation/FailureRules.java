package org.procpool.conductor.simulation;

import org.procpool.conductor.TaskState;
import org.procpool.task.WorkerResult;

/** Which tasks are tried again after their handlers have failed them, and when. */
final class FailureRules {

    private final Ledger ledger;
    private final QueueRules queue;
    private final ClockRules clock;
    private final QuarantineRules quarantine;

    FailureRules(Ledger ledger, QueueRules queue, ClockRules clock, QuarantineRules quarantine) {
        this.ledger = ledger;
        this.queue = queue;
        this.clock = clock;
        this.quarantine = quarantine;
    }

    /** During the input that brings a result: the task is to be tried again. */
    void notice() {
        SimOffer offer = ledger.inputOffer;
        WorkerResult result = ledger.inputResult;
        if (offer == null || result == null || offer.task.offer != offer) {
            return;
        }
        SimTask task = offer.task;
        if (task.task == null || task.task.state() != TaskState.WAITING) {
            return;
        }
        ledger.check(result.error() != null, "is tried again though it succeeded", task);
        ledger.check(task.stops == 0 && !ledger.forced, "is tried again though it was stopped", task);
        ledger.check(
                !task.client.abandoned || task.spec.detached(), "is tried again though its client has vanished", task);
        ledger.check(!quarantine.holds(task.spec.name()), "is tried again though it is held back", task);
        task.failures++;
        ledger.check(task.mayFailAgain(), "is tried again too often", task);
        long nominal = Delays.nominal(task.spec.retry(), task.failures);
        task.retryFromNanos = ledger.now + Delays.least(nominal);
        ledger.check(task.retryFromNanos < task.expiresNanos, "waits beyond its time to live", task);
        offer.place.results++;
        offer.place.failed++;
        queue.ended(task.client.share);
        task.failure = result;
        task.lost = offer;
        task.offer = null;
        ledger.move(task, Stage.WAITING);
        ledger.tally.count(Incident.FAILED_AND_TRIED_AGAIN);
        clock.expect(ledger.now + Delays.most(nominal), ClockRules.RETRY, task);
    }

    /** Whether a task that has just failed must be tried again. */
    boolean mustTryAgain(SimTask task) {
        long nominal = Delays.nominal(task.spec.retry(), task.failures + 1);
        return task.failures + 1 < task.spec.retry().attempts()
                && !quarantine.holds(task.spec.name())
                && !quarantine.isProof(task)
                && !(task.client.abandoned && !task.spec.detached())
                && !ledger.forced
                && Ledger.plus(ledger.now, Delays.most(nominal)) < task.expiresNanos;
    }
}
