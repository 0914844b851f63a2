package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Client;
import org.procpool.conductor.Effects;
import org.procpool.conductor.StoreRecord;
import org.procpool.conductor.Task;
import org.procpool.task.Departure;
import org.procpool.task.ExitStatus;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.WorkerId;

/** Sees every effect, holds it against the rules, and lets the simulated world carry it out. */
final class Watch implements Effects {

    private final Ledger ledger;
    private final TaskRules tasks;
    private final WorkerRules workers;
    private final ClockRules clock;
    private final Reactions world;
    private long effects;

    /** What the world does about an effect; never at once, always by events to come. */
    interface Reactions {

        void launched(Place place);

        void offered(Place place, SimTask task);

        void interrupted(Place place, SimTask task);

        void toldToLeave(Place place);

        void killed(Place place);

        void persisting(long lsn);

        void answered(SimTask task);
    }

    Watch(Ledger ledger, TaskRules tasks, WorkerRules workers, ClockRules clock, Reactions world) {
        this.ledger = ledger;
        this.tasks = tasks;
        this.workers = workers;
        this.clock = clock;
        this.world = world;
    }

    /** How many effects there were so far. */
    long effects() {
        return effects;
    }

    private void traced(Step step, Place place, @Nullable SimTask task) {
        effects++;
        ledger.check(!ledger.drained || step == Step.REJECT, "something happened after the pool was drained", step);
        ledger.traced(step, place, task, task == null ? 0 : task.stage.ordinal());
    }

    private Place nowhere() {
        return ledger.places[0];
    }

    @Override
    public void launch(WorkerId worker) {
        Place place = workers.launched(worker);
        traced(Step.LAUNCH, place, null);
        world.launched(place);
    }

    @Override
    public void offer(WorkerId worker, long dispatch, Task offered) {
        Place place = workers.offered(worker, dispatch);
        tasks.offered(place, dispatch, offered);
        SimTask task = ledger.of(offered);
        place.running = task;
        clock.expect(task.limitNanos, ClockRules.RUN, task);
        traced(Step.OFFER, place, task);
        world.offered(place, task);
    }

    @Override
    public void interrupt(WorkerId worker, long dispatch) {
        SimTask task = workers.interrupted(worker, dispatch);
        Place place = ledger.places[task.slot];
        traced(Step.INTERRUPT, place, task);
        world.interrupted(place, task);
    }

    @Override
    public void drain(WorkerId worker) {
        Place place = workers.told(worker);
        traced(Step.DRAIN, place, null);
        world.toldToLeave(place);
    }

    @Override
    public void kill(WorkerId worker) {
        Place place = workers.killed(worker);
        traced(Step.KILL, place, place.running);
        world.killed(place);
    }

    @Override
    public void persist(long lsn, StoreRecord record) {
        tasks.persisting(lsn, record);
        SimTask task = ledger.of(record.task());
        freed(task);
        traced(Step.PERSIST, nowhere(), task);
        world.persisting(lsn);
    }

    @Override
    public void accept(Task accepted) {
        tasks.accepted(accepted);
        SimTask task = ledger.of(accepted);
        if (task.expiresNanos != Long.MAX_VALUE) {
            clock.expect(task.expiresNanos, ClockRules.TTL, task);
        }
        traced(Step.ACCEPT, nowhere(), task);
    }

    @Override
    public void reject(Client client, long correlation, RejectReason reason, String message) {
        SimTask task = tasks.rejected(client, correlation, reason, message);
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
        SimTask task = tasks.completed(ended, outcome);
        freed(task);
        traced(Step.COMPLETE, nowhere(), task);
        world.answered(task);
    }

    /** A result makes room; a death does not. */
    private void freed(SimTask task) {
        if (ledger.input == Step.RESULT && task == ledger.inputTask) {
            workers.freed(ledger.places[task.slot]);
        }
    }

    @Override
    public void departed(WorkerId worker, Departure why, @Nullable ExitStatus exit, @Nullable Task running) {
        SimTask had = ledger.inputTask;
        workers.departed(worker, why, exit, running);
        Place place = ledger.places[worker.slot()];
        if (had != null && had.stage == Stage.RUNNING) {
            repeats(had);
        }
        traced(Step.DEPARTED, place, had);
    }

    /** It lost its worker and was not ended: it must be tried again. */
    private void repeats(SimTask task) {
        ledger.check(task.stops == 0 && !ledger.forced, "is repeated though it was stopped", task);
        ledger.check(task.attempts < task.spec.maxAttempts(), "is repeated too often", task);
        ledger.check(
                !task.client.abandoned || task.spec.detached(), "is repeated though its client has vanished", task);
        ExitStatus exit = ledger.inputExit;
        ledger.check(exit != null, "is repeated without a death", task);
        task.lostBy = exit == null ? "" : exit.name();
        task.lostAfterNanos = ledger.now - task.startedNanos;
        task.retryFromNanos = ledger.now + Delays.min(task.attempts);
        ledger.check(task.retryFromNanos < task.expiresNanos, "waits beyond its time to live", task);
        ledger.move(task, Stage.WAITING);
        clock.expect(ledger.now + Delays.max(task.attempts), ClockRules.RETRY, task);
    }

    @Override
    public void failed(String why) {
        ledger.check(!ledger.failed, "failed twice", why);
        ledger.check(ledger.hopeless && !ledger.everReady, "failed for no reason", why);
        ledger.check(why.contains(ledger.inputText), "does not say why it failed", why);
        ledger.failed = true;
        ledger.draining = true;
        ledger.stopping = true;
        clock.force();
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
