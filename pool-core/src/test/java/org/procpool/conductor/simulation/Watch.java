package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Effects;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/** Sees every effect, holds it against the rules, and lets the simulated world carry it out. */
final class Watch implements Effects {

    private final Ledger ledger;
    private final Rules rules;
    private final Reactions world;
    private long effects;

    /** What the world does about an effect; never at once, always by events to come. */
    interface Reactions extends DeathRules.Truth {

        void launched(Place place);

        Claim offered(Place place, SimTask task, long dispatch);

        /** The exception: this is decided at once. */
        boolean takenBack(Place place, SimOffer offer);

        void observed(Place place);

        void aimed(Place place, long dispatch);

        void interrupted(Place place, long dispatch);

        void pinged(Place place);

        void examined(Place place);

        void weighed(Place place);

        void toldToLeave(Place place);

        void killed(Place place);

        void persisting(long lsn);

        void answered(SimTask task);
    }

    Watch(Ledger ledger, Rules rules, Reactions world) {
        this.ledger = ledger;
        this.rules = rules;
        this.world = world;
    }

    /** How many effects there were so far. */
    long effects() {
        return effects;
    }

    private void traced(Step step, Place place, @Nullable SimTask task) {
        effects++;
        ledger.check(
                !ledger.drained || step == Step.REJECT || step == Step.RECOVERED || step == Step.RELEASED,
                "something happened after the pool was drained",
                step);
        ledger.traced(step, place, task, task == null ? 0 : task.stage.ordinal());
    }

    private Place nowhere() {
        return ledger.places[0];
    }

    // ---- workers

    @Override
    public void launch(WorkerId worker, int release) {
        rules.notice();
        Place place = rules.workers.launched(worker, release);
        traced(Step.LAUNCH, place, null);
        world.launched(place);
    }

    @Override
    public void serves(WorkerId worker) {
        rules.notice();
        traced(Step.SERVES, rules.workers.serves(worker), null);
    }

    @Override
    public void weigh(WorkerId worker) {
        Place place = rules.workers.present(worker);
        rules.staff.weighing(place);
        rules.clock.armed();
        traced(Step.WEIGH, place, null);
        world.weighed(place);
    }

    @Override
    public void retiring(WorkerId worker, Departure why, String detail) {
        rules.notice();
        Place place = rules.workers.present(worker);
        ledger.check(!detail.isEmpty(), "does not say why it retires", place);
        rules.staff.retiring(place, why);
        traced(Step.RETIRING, place, null);
    }

    @Override
    public void vacated(int slot) {
        rules.notice();
        Place place = ledger.places[slot];
        rules.staff.vacated(place);
        traced(Step.VACATED, place, null);
    }

    @Override
    public void offer(WorkerId worker, long dispatch, Task offered) {
        rules.deaths.noticeLosses();
        rules.failures.notice();
        SimTask task = ledger.of(offered);
        rules.tasks.offering(offered);
        Place place = rules.offers.offering(worker, dispatch, task);
        if (!place.inFlight.isEmpty()) {
            ledger.tally.count(Incident.PREFETCHED);
        }
        if (task.offers > 1 && task.lost == null) {
            ledger.tally.count(Incident.OFFERED_AGAIN);
        }
        traced(Step.OFFER, place, task);
        Claim claim = world.offered(place, task, dispatch);
        SimOffer offer = new SimOffer(task, place, dispatch, ledger.now, claim);
        rules.tasks.offered(offer, offered);
        rules.offers.offered(offer);
    }

    @Override
    public boolean revoke(WorkerId worker, long dispatch) {
        rules.notice();
        SimOffer offer = rules.offers.takingBack(worker, dispatch);
        boolean won = world.takenBack(offer.place, offer);
        traced(won ? Step.TAKEN_BACK : Step.NOT_TAKEN_BACK, offer.place, offer.task);
        rules.offers.takenBack(offer, won);
        return won;
    }

    @Override
    public void observe(WorkerId worker) {
        Place place = rules.workers.present(worker);
        rules.sight.observing(place);
        rules.clock.armed();
        traced(Step.OBSERVE, place, null);
        world.observed(place);
    }

    @Override
    public void aim(WorkerId worker, long dispatch) {
        rules.notice();
        SimOffer offer = rules.offers.aimed(worker, dispatch);
        rules.deaths.aimed(offer.place);
        traced(Step.AIM, offer.place, offer.task);
        world.aimed(offer.place, dispatch);
    }

    @Override
    public void interrupt(WorkerId worker, long dispatch) {
        rules.notice();
        SimOffer offer = rules.offers.interrupted(worker, dispatch);
        traced(Step.INTERRUPT, offer.place, offer.task);
        world.interrupted(offer.place, dispatch);
    }

    @Override
    public void ping(WorkerId worker) {
        Place place = rules.workers.present(worker);
        rules.pulses.pinging(place);
        rules.clock.armed();
        traced(Step.PING, place, null);
        world.pinged(place);
    }

    @Override
    public void examine(WorkerId worker) {
        Place place = rules.workers.present(worker);
        rules.pulses.examining(place);
        rules.clock.armed();
        traced(Step.EXAMINE, place, null);
        world.examined(place);
    }

    @Override
    public void drain(WorkerId worker) {
        rules.notice();
        Place place = rules.workers.told(worker);
        traced(Step.DRAIN, place, null);
        world.toldToLeave(place);
    }

    @Override
    public void kill(WorkerId worker, @Nullable Departure why) {
        rules.notice();
        Place place = rules.workers.present(worker);
        rules.deaths.killed(place, why);
        rules.workers.killed(worker, why);
        traced(Step.KILL, place, null);
        world.killed(place);
    }

    @Override
    public void departed(Autopsy autopsy) {
        rules.notice();
        Place place = rules.deaths.departed(autopsy);
        rules.workers.departed(place, autopsy.why());
        traced(Step.DEPARTED, place, place.firstLost == null ? null : place.firstLost.task);
    }

    // ---- tasks

    @Override
    public void persist(long lsn, StoreRecord record) {
        rules.notice();
        rules.tasks.persisting(lsn, record);
        traced(Step.PERSIST, nowhere(), ledger.of(record.task()));
        world.persisting(lsn);
    }

    @Override
    public void accept(Task accepted) {
        rules.tasks.accepted(accepted);
        SimTask task = ledger.of(accepted);
        rules.clock.expect(task.expiresNanos, ClockRules.TTL, task);
        traced(Step.ACCEPT, nowhere(), task);
    }

    @Override
    public void reject(Client client, long correlation, TaskSpec spec, RejectReason reason, String message) {
        SimTask task = rules.tasks.rejected(client, correlation, reason, message);
        traced(Step.REJECT, nowhere(), task);
        world.answered(task);
    }

    @Override
    public void progress(Task running, double fraction, String note) {
        SimTask task = ledger.of(running);
        ledger.check(
                ledger.input == Step.PROGRESS
                        && ledger.inputTask == task
                        && fraction == ledger.inputLsn
                        && note.equals(ledger.inputText),
                "progress that nobody made",
                task);
        ledger.inputTask = null;
        traced(Step.PROGRESSED, nowhere(), task);
    }

    @Override
    public void complete(Task ended, Outcome outcome) {
        rules.notice();
        SimTask task = rules.tasks.completed(ended, outcome);
        traced(Step.COMPLETE, nowhere(), task);
        world.answered(task);
    }

    // ---- the pool

    @Override
    public void degraded(String why) {
        rules.restarts.degraded(why);
        traced(Step.DEGRADED, nowhere(), null);
    }

    @Override
    public void recovered() {
        rules.restarts.recovered();
        traced(Step.RECOVERED, nowhere(), null);
    }

    @Override
    public void stuck(String why) {
        throw ledger.broken("raises the alarm", why);
    }

    @Override
    public void unstuck() {
        throw ledger.broken("ends an alarm that there was not", null);
    }

    @Override
    public void resized(int from, int to, String why) {
        rules.notice();
        ledger.check(!why.isEmpty(), "does not say why it is resized", to);
        rules.elastic.resized(from, to);
        traced(Step.RESIZED, nowhere(), null);
    }

    @Override
    public void paused(boolean paused) {
        ledger.check(paused != ledger.paused, "is paused twice, or resumed", paused);
        ledger.check(ledger.input == Step.PAUSE_POOL || !paused && ledger.draining, "is paused", paused);
        ledger.paused = paused;
        traced(Step.PAUSED, nowhere(), null);
    }

    @Override
    public void quarantined(String task, String why, boolean byHand) {
        rules.notice();
        rules.quarantine.quarantined(task, why, byHand);
        traced(Step.QUARANTINED, nowhere(), null);
    }

    @Override
    public void released(String task, String why) {
        rules.quarantine.released(task, why);
        traced(Step.RELEASED, nowhere(), null);
    }

    @Override
    public void rolled(int release, @Nullable String failure) {
        rules.staff.rolled(release, failure);
        traced(Step.ROLLED, nowhere(), null);
    }

    @Override
    public void failed(String why) {
        ledger.check(!ledger.failed, "failed twice", why);
        ledger.check(ledger.hopeless && !ledger.everReady, "failed for no reason", why);
        ledger.check(ledger.saysWhy(why), "does not say why it failed", why);
        ledger.failed = true;
        ledger.draining = true;
        ledger.stopping = true;
        rules.clock.force();
        traced(Step.FAILED, nowhere(), null);
    }

    @Override
    public void drained() {
        ledger.check(ledger.draining && ledger.unfinished == 0, "drained too soon", ledger.unfinished);
        for (Place place : ledger.places) {
            ledger.check(!place.alive(), "drained though a process lives", place);
        }
        traced(Step.DRAINED, nowhere(), null);
        ledger.drained = true;
    }
}
