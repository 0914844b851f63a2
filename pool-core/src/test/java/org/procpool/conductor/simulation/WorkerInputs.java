package org.procpool.conductor.simulation;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.simulation.Place.Stuck;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerResult;

/** What the conductor under test hears of its workers: noted before and checked after. */
final class WorkerInputs {

    private final Ledger ledger;
    private final Inputs inputs;
    private final Rules rules;
    private final Conductor conductor;

    WorkerInputs(Ledger ledger, Inputs inputs) {
        this.ledger = ledger;
        this.inputs = inputs;
        this.rules = inputs.rules();
        this.conductor = inputs.conductor;
    }

    /** Whether the process is the present one of its place; what an older one says is dropped and counted. */
    private boolean begin(Step step, Place place, int generation) {
        inputs.begin(step, place, null);
        if (ledger.live(place.slot, generation) != null) {
            return true;
        }
        ledger.stale++;
        ledger.inputPlace = null;
        return false;
    }

    void launched(Place place, int generation, long pid) {
        if (begin(Step.LAUNCHED, place, generation)) {
            place.pid = pid;
        }
        conductor.onLaunched(place.slot, generation, pid);
        inputs.end();
    }

    void launchFailed(Place place, int generation, String why) {
        if (begin(Step.LAUNCH_FAILED, place, generation)) {
            place.bootError = why;
        }
        ledger.inputText = why;
        conductor.onLaunchFailed(place.slot, generation, why, ledger.now);
        checkGone(place, generation);
    }

    void bootFailed(Place place, int generation, String why) {
        begin(Step.BOOT_FAILED, place, generation);
        ledger.inputText = why;
        conductor.onBootFailed(place.slot, generation, why, ledger.now);
        inputs.end();
    }

    void ready(Place place, int generation, List<String> names, boolean recorder) {
        long probes = ledger.swarm.probes;
        if (begin(Step.READY, place, generation) && rules.workers.readying(place, recorder)) {
            ledger.names = new TreeSet<>(names);
            place.lastDispatch = probes;
            place.passed = probes;
        }
        conductor.onWorkerReady(place.slot, generation, names, recorder, probes, ledger.now);
        inputs.end();
    }

    void linkLost(Place place, int generation) {
        begin(Step.LINK_LOST, place, generation);
        conductor.onLinkLost(place.slot, generation, ledger.now);
        inputs.end();
    }

    void corrupt(Place place, int generation) {
        begin(Step.CORRUPT, place, generation);
        conductor.onCorrupt(place.slot, generation, ledger.now);
        inputs.end();
    }

    void stalled(Place place, int generation) {
        begin(Step.STALLED, place, generation);
        conductor.onStalled(place.slot, generation, ledger.now);
        inputs.end();
    }

    void weighed(Place place, int generation, long residentBytes) {
        if (begin(Step.WEIGHED, place, generation)) {
            rules.staff.weighed(place, residentBytes);
        }
        conductor.onWeighed(place.slot, generation, residentBytes, ledger.now);
        inputs.end();
    }

    void observed(Place place, int generation, long passed, long running, long startNanos) {
        if (begin(Step.OBSERVED, place, generation)) {
            rules.offers.observed(place, passed, running, startNanos);
        }
        conductor.onObserved(place.slot, generation, passed, running, startNanos, ledger.now);
        inputs.end();
    }

    void aimed(Place place, int generation, long dispatch) {
        if (begin(Step.AIMED, place, generation)) {
            ledger.inputLsn = dispatch;
            rules.offers.aimAnswered(place, dispatch);
        }
        conductor.onAimed(place.slot, generation, dispatch, ledger.now);
        inputs.end();
    }

    void pong(Place place, int generation) {
        if (begin(Step.PONG, place, generation)) {
            rules.pulses.ponged(place);
        }
        conductor.onPong(place.slot, generation);
        inputs.end();
    }

    void examined(Place place, int generation, boolean stopped, long cpuNanos) {
        if (begin(Step.EXAMINED, place, generation)) {
            rules.pulses.examined(place, stopped, cpuNanos);
        }
        conductor.onExamined(place.slot, generation, stopped, cpuNanos, ledger.now);
        inputs.end();
    }

    private static @Nullable SimOffer find(Place place, int generation, long dispatch) {
        return place.generation == generation ? place.inFlight(dispatch) : null;
    }

    void result(Place place, int generation, long dispatch, WorkerResult result) {
        SimOffer offer = find(place, generation, dispatch);
        inputs.begin(Step.RESULT, place, offer == null ? null : offer.task);
        ledger.inputResult = result;
        ledger.inputOffer = offer;
        ledger.inputLsn = dispatch;
        boolean live = ledger.live(place.slot, generation) != null;
        if (!live) {
            ledger.inputPlace = null;
        }
        if (offer != null) {
            place.inFlight.remove(offer);
            place.passed(dispatch);
            rules.sight.changed(place);
            place.stuck = Stuck.NO;
        } else {
            ledger.stale++;
            if (live && place.stuck == Stuck.YES) {
                place.stuck = Stuck.MAYBE;
            }
        }
        conductor.onResult(place.slot, generation, dispatch, result, ledger.now);
        inputs.end();
    }

    void progress(Place place, int generation, long dispatch, int fraction, String note) {
        SimOffer offer = find(place, generation, dispatch);
        SimTask task = offer == null ? null : offer.task;
        inputs.begin(Step.PROGRESS, place, task);
        ledger.inputText = note;
        ledger.inputLsn = fraction;
        if (task == null) {
            ledger.stale++;
        }
        conductor.onProgress(place.slot, generation, dispatch, fraction, note);
        ledger.check(ledger.inputTask == null, "progress was not passed on", task);
        inputs.end();
    }

    void gone(Place place, int generation, WorkerEnd end, int recovered, int wrapped) {
        begin(Step.GONE, place, generation);
        ledger.inputEnd = end;
        ledger.inputText = end.outputTail();
        ledger.inputRecovered = recovered;
        if (recovered > 0) {
            ledger.tally.count(Incident.RESULT_RECOVERED);
        }
        ledger.inputWrapped = wrapped;
        conductor.onWorkerGone(place.slot, generation, end, recovered, wrapped, ledger.now);
        checkGone(place, generation);
    }

    private void checkGone(Place place, int generation) {
        ledger.check(ledger.live(place.slot, generation) == null, "is believed alive though it has gone", place);
        inputs.end();
    }
}
