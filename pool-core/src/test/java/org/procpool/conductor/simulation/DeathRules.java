package org.procpool.conductor.simulation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.TaskState;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.task.Autopsy;
import org.procpool.task.DeathAccount;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerEnd;

/** What a death costs, whom, and what is told of it. */
final class DeathRules {

    private final Ledger ledger;
    private final ClockRules clock;
    private final QuarantineRules quarantine;
    private final QueueRules queue;
    private final Truth truth;

    /** What only the world knows. */
    interface Truth {

        /** What the worker has started and not answered; null if nothing, or if nobody can know. */
        @Nullable
        Claim unfinished(Place place);

        /** Whether nobody can know what it has started. */
        boolean unknowable(Place place);
    }

    DeathRules(Ledger ledger, QueueRules queue, ClockRules clock, QuarantineRules quarantine, Truth truth) {
        this.quarantine = quarantine;
        this.queue = queue;
        this.ledger = ledger;
        this.clock = clock;
        this.truth = truth;
    }

    private int wonNow(Place place) {
        return place.wonBy == ledger.inputs ? place.won : 0;
    }

    /** The conductor aims at it; after the rest has been taken back. */
    void aimed(Place place) {
        place.wonByAim = wonNow(place);
        place.inFlightAtAim = place.inFlight.size() + place.wonByAim;
    }

    /** It is killed; after the rest has been taken back. */
    void killed(Place place, @Nullable Departure why) {
        place.returned = wonNow(place);
        place.inFlightAtSign = place.inFlight.size() + place.returned;
        if (why == Departure.TIMED_OUT || why == Departure.CANCELLED) {
            ledger.tally.count(Incident.SHOT);
            Claim hit = truth.unfinished(place);
            ledger.check(
                    hit == null || !place.recorder || hit.dispatch == ledger.inputLsn,
                    "the kill takes another task than the one aimed at",
                    place);
        }
    }

    /** The task of the offer is not ended by its worker's death. */
    private void repeats(SimOffer offer) {
        SimTask task = offer.task;
        ledger.check(task.stops == 0 && !ledger.forced, "is repeated though it was stopped", task);
        ledger.check(
                !task.client.abandoned || task.spec.detached(), "is repeated though its client has vanished", task);
        task.lostBy = lostBy(offer.place);
        task.retryFromNanos = ledger.now + Delays.min(task.attempts);
        ledger.check(task.retryFromNanos < task.expiresNanos, "waits beyond its time to live", task);
        lost(offer);
        ledger.check(task.mayRepeat(), "is repeated too often", task);
        ledger.check(!quarantine.holds(task.spec.name()), "is repeated though it is held back", task);
        task.lost = offer;
        task.failure = null;
        task.lostNanos = ledger.now;
        task.offer = null;
        ledger.move(task, Stage.WAITING);
        clock.expect(ledger.now + Delays.max(task.attempts), ClockRules.RETRY, task);
    }

    /** What a loss may be blamed on, in words apart: what is known better than the exit comes first. */
    String lostBy(Place place) {
        WorkerEnd end = Objects.requireNonNull(ledger.inputEnd);
        if (expectedDeparture(place) == Departure.OUT_OF_MEMORY) {
            return "OUT_OF_MEMORY";
        }
        String known = place.hung ? "HUNG" : end.exit().name();
        return end.outOfMemory() ? known + " OUT_OF_MEMORY" : known;
    }

    static boolean names(String lostBy, String type) {
        return (" " + lostBy + " ").contains(" " + type + " ");
    }

    /** The offer has cost its task an attempt. */
    void lost(SimOffer offer) {
        Place place = offer.place;
        SimTask task = offer.task;
        queue.ended(task.client.share);
        ledger.check(!offer.unstarted(), "is lost though it had not started", task);
        if (place.lost++ == 0) {
            place.firstLost = offer;
            place.firstLostNanos = ledger.now;
            place.firstLostAttempt = task.attempts;
        }
        place.failed++;
        if (task.stops == 0) {
            Departure why = expectedDeparture(place);
            task.lostTo(why);
            quarantine.died(task, why);
        }
        boolean certain = place.recorder && !truth.unknowable(place);
        if (!certain) {
            task.doubtful++;
        }
        ledger.check(!certain || offer.claim.word == Claim.Word.STARTED, "is lost though nobody started it", task);
        ledger.check(!certain || place.lost == 1, "a death cost more than one task", place);
        ledger.check(!certain || !offer.claim.written, "is lost though its result was complete", task);
    }

    /** During the input that brings a worker's end: tasks that are to be tried again. */
    void noticeLosses() {
        Place place = ledger.inputPlace;
        if (ledger.input != Step.GONE || place == null) {
            return;
        }
        for (int i = 0; i < place.inFlight.size(); i++) {
            SimOffer offer = place.inFlight.get(i);
            if (offer.task.task != null && offer.task.task.state() == TaskState.WAITING) {
                place.inFlight.remove(i--);
                repeats(offer);
            }
        }
    }

    /** The place of the departed worker. */
    Place departed(Autopsy autopsy) {
        Place place = ledger.places[autopsy.worker().slot()];
        ledger.check(place.alive() && place.id.equals(autopsy.worker()), "departed: " + autopsy.worker(), place);
        ledger.check(
                ledger.inputPlace == place && (ledger.input == Step.GONE || ledger.input == Step.LAUNCH_FAILED),
                "departed without having gone",
                place);
        ledger.check(autopsy.end() == ledger.inputEnd, "departed with another end", place);
        ledger.check(autopsy.why() == expectedDeparture(place), "departed as " + autopsy.why(), place);
        ledger.check(
                autopsy.pid() == place.pid
                        && autopsy.uptimeNanos() == ledger.now - place.launchedNanos
                        && autopsy.results() == place.results,
                "the autopsy is wrong: " + autopsy,
                place);
        ledger.check(!autopsy.detail().isEmpty(), "the autopsy does not say what happened", place);
        ledger.check(place.inFlight.isEmpty(), "tasks of the dead worker go on", place);
        checkTask(autopsy, place);
        checkAccount(autopsy.account(), place);
        return place;
    }

    private void checkTask(Autopsy autopsy, Place place) {
        SimOffer first = place.firstLost;
        if (first == null) {
            ledger.check(
                    autopsy.taskId() == 0
                            && autopsy.task() == null
                            && autopsy.attempt() == 0
                            && autopsy.ranNanos() == 0,
                    "the autopsy names a task that was not lost",
                    autopsy);
        } else {
            ledger.check(
                    autopsy.taskId() == first.task.id()
                            && first.task.spec.name().equals(autopsy.task())
                            && autopsy.attempt() == place.firstLostAttempt
                            && first.mayHaveStarted(place.firstLostNanos - autopsy.ranNanos()),
                    "the autopsy does not name the lost task: " + autopsy,
                    first);
        }
    }

    private void checkAccount(DeathAccount account, Place place) {
        if (ledger.input == Step.LAUNCH_FAILED) {
            ledger.check(account.equals(DeathAccount.NOTHING), "a death that cost something: " + account, place);
            return;
        }
        ledger.check(account.lost() == place.lost, "counts " + account.lost() + " lost", place.lost);
        ledger.check(
                account.recovered() == ledger.inputRecovered && account.wrapped() == ledger.inputWrapped,
                "the account is wrong: " + account,
                place);
        if (place.phase == Phase.LEAVING || leftByChoice(place.wanted)) {
            return;
        }
        if (place.phase != Phase.KILLED) {
            place.returned = wonNow(place);
            place.inFlightAtSign = place.lost + place.returned;
        }
        boolean sinceKill = account.inFlight() == place.inFlightAtSign && account.returned() == place.returned;
        boolean sinceAim = account.inFlight() == place.inFlightAtAim && account.returned() == place.wonByAim;
        boolean afterStop =
                ledger.stopping && account.inFlight() - account.returned() == place.inFlightAtSign - place.returned;
        boolean shot = place.wanted == Departure.TIMED_OUT || place.wanted == Departure.CANCELLED;
        ledger.check(sinceKill || shot && sinceAim || afterStop, "the account is wrong: " + account, place);
    }

    private static boolean leftByChoice(@Nullable Departure wanted) {
        return wanted != null && wanted.isPlanned() && wanted != Departure.DRAINED;
    }

    private Departure expectedDeparture(Place place) {
        WorkerEnd end = ledger.inputEnd;
        ExitStatus exit = end == null ? null : end.exit();
        Departure wanted = place.wanted;
        Departure byItself = end != null && end.outOfMemory() ? Departure.OUT_OF_MEMORY : Departure.CRASHED;
        if (leftByChoice(wanted) && place.phase == Phase.LEAVING && (exit == null || exit.code() != 0)) {
            return byItself;
        }
        if (wanted != null) {
            return wanted;
        }
        return place.wasReady ? byItself : Departure.BOOT_FAILED;
    }
}
