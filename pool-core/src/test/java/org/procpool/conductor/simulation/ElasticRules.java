package org.procpool.conductor.simulation;

import org.procpool.conductor.Elasticity;
import org.procpool.conductor.simulation.Place.Phase;

/** How many are to serve: within bounds, one more or one fewer at a time, for a reason, and not up and down again. */
final class ElasticRules {

    private static final long GROW_NANOS = 500 * Swarm.MILLI;

    private final Ledger ledger;
    private final QueueRules queue;
    private final Elasticity elasticity;
    private final int least;
    private final int most;
    private long changedNanos;

    ElasticRules(Ledger ledger, QueueRules queue) {
        this.ledger = ledger;
        this.queue = queue;
        this.elasticity = ledger.swarm.pool.elasticity();
        this.least = elasticity.least(ledger.swarm.pool.workers());
        this.most = elasticity.most(ledger.swarm.pool.workers());
        this.changedNanos = ledger.swarm.originNanos;
    }

    void resized(int from, int to) {
        ledger.check(from != to, "is resized to what it was", to);
        if (ledger.input == Step.SCALE) {
            ledger.check(to == ledger.target, "is resized to something else", to);
        } else {
            ledger.check(ledger.input == Step.TICK && from == ledger.target, "is resized", to);
            ledger.check(elasticity.isOn(), "is resized though nobody wants that", to);
            ledger.check(!ledger.paused && !ledger.draining && !ledger.rolling, "is resized at a bad moment", to);
            ledger.check(ledger.ready() == from, "is resized though somebody is missing", ledger.ready());
            if (to > from) {
                grows(from, to);
            } else {
                shrinks(from, to);
            }
            ledger.target = to;
        }
        changedNanos = ledger.now;
    }

    private void grows(int from, int to) {
        ledger.check(to == from + 1, "grows by more than one", to);
        ledger.check(to <= most, "grows beyond its bound", to);
        ledger.check(queue.runnable() > 0 && somebodyHasWaited(), "grows though nobody has waited", to);
        ledger.check(ledger.now - changedNanos >= GROW_NANOS, "grows again at once", to);
        ledger.tally.count(Incident.GREW);
    }

    private boolean somebodyHasWaited() {
        for (SimTask task : ledger.tasks) {
            if (task.stage == Stage.QUEUED && ledger.now - task.submittedNanos >= GROW_NANOS) {
                return true;
            }
        }
        return false;
    }

    private void shrinks(int from, int to) {
        ledger.check(to == from - 1, "shrinks by more than one", to);
        ledger.check(to >= least, "shrinks beyond its bound", to);
        ledger.check(queue.runnable() == 0, "shrinks though tasks wait", to);
        ledger.check(ledger.now - changedNanos >= elasticity.idleNanos(), "shrinks too soon after a change", to);
        boolean idle = false;
        for (Place place : ledger.places) {
            idle |= place.phase == Phase.READY && place.held() == 0;
        }
        ledger.check(idle, "shrinks though nobody is idle", to);
        ledger.tally.count(Incident.SHRANK);
    }

    /** After each input. */
    void settled() {
        boolean within = ledger.target >= least && ledger.target <= most;
        ledger.check(within || !elasticity.isOn(), "is to have too few or too many that serve", ledger.target);
    }
}
