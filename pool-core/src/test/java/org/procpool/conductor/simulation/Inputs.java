package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Conductor;
import org.procpool.proto.OnDisconnect;
import org.procpool.task.TaskSpec;

/** The conductor under test: every input goes through here, is noted before and checked after. */
final class Inputs {

    private static final int CHECK_SUMS_EVERY = 4;
    private static final int CHECK_ALL_EVERY = 1024;

    private final Ledger ledger;
    private final Rules rules;
    private final Watch watch;
    final Conductor conductor;
    private long inputs;
    /** The next tick happens for no other reason than that it is due. */
    private boolean woken;

    Inputs(Ledger ledger, Watch.Reactions world) {
        this.ledger = ledger;
        this.rules = new Rules(ledger, world);
        this.watch = new Watch(ledger, rules, world);
        this.conductor = new Conductor(
                ledger.swarm.pool, watch, ledger.swarm.seed, ledger.swarm.firstTaskId, ledger.swarm.originNanos);
    }

    Rules rules() {
        return rules;
    }

    void begin(Step step, Place place, @Nullable SimTask task) {
        ledger.begin(step);
        ledger.inputPlace = place.slot == 0 ? null : place;
        ledger.inputTask = task;
        if (step != Step.TICK) {
            ledger.traced(step, place, task, task == null ? 0 : task.stage.ordinal());
        }
    }

    private Place nowhere() {
        return ledger.places[0];
    }

    void end() {
        rules.settled();
        if (ledger.hopeless && !ledger.everReady) {
            ledger.check(ledger.failed, "did not fail though no worker can be started", null);
        }
        if (ledger.draining && !ledger.drained && ledger.unfinished == 0) {
            boolean empty = true;
            for (Place place : ledger.places) {
                empty &= !place.alive();
                ledger.check(
                        place.phase != Place.Phase.STARTING && !place.works() && place.phase != Place.Phase.SPARE,
                        "was not sent away though nothing is left to do",
                        place);
            }
            ledger.check(!empty, "is not drained though nothing is left", null);
        }
        inputs++;
        if (inputs % CHECK_SUMS_EVERY == 0) {
            rules.books.checkSums(conductor);
        }
        if (inputs % CHECK_ALL_EVERY == 0) {
            rules.books.checkAll(conductor);
            rules.quarantine.check(conductor);
        }
    }

    void checkAll() {
        rules.books.checkSums(conductor);
        rules.books.checkAll(conductor);
    }

    void checkEmpty() {
        rules.books.checkEmpty();
        checkAll();
    }

    long inputs() {
        return inputs;
    }

    // ---- the pool

    void start() {
        begin(Step.START, nowhere(), null);
        conductor.onStart(ledger.now);
        end();
        for (int slot = 1; slot <= ledger.swarm.pool.workers(); slot++) {
            ledger.check(ledger.places[slot].alive(), "was not launched", ledger.places[slot]);
        }
    }

    void drain(long timeoutNanos) {
        begin(Step.DRAIN_POOL, nowhere(), null);
        if (!ledger.draining) {
            ledger.draining = true;
            ledger.drainByNanos = Ledger.plus(ledger.now, timeoutNanos);
            rules.clock.expect(ledger.drainByNanos, ClockRules.DRAIN, 0);
        }
        conductor.onDrain(timeoutNanos, ledger.now);
        end();
    }

    void stop() {
        begin(Step.STOP_POOL, nowhere(), null);
        if (!ledger.drained) {
            ledger.draining = true;
            ledger.stopping = true;
            rules.clock.force();
        }
        conductor.onStop(ledger.now);
        end();
    }

    void scale(int workers) {
        begin(Step.SCALE, nowhere(), null);
        if (!ledger.draining) {
            ledger.target = workers;
            ledger.everFull |= ledger.ready() >= workers;
        }
        conductor.levers().onScale(workers, ledger.now);
        end();
    }

    void limit(int queueTasksMax, long queueBytesMax, int queuedPerClientMax, long runTimeoutNanos, long graceNanos) {
        begin(Step.LIMIT, nowhere(), null);
        ledger.queueTasksMax = queueTasksMax;
        ledger.queuedPerClientMax = queuedPerClientMax;
        ledger.queueBytesMax = queueBytesMax;
        ledger.runTimeoutNanos = runTimeoutNanos;
        ledger.graceNanos = graceNanos;
        conductor.levers().onQueueLimits(queueTasksMax, queueBytesMax);
        conductor.levers().onRunLimits(runTimeoutNanos, graceNanos);
        conductor
                .levers()
                .onClientLimits(ledger.swarm.pool.clients().withQueuedTasksMax(queuedPerClientMax), ledger.now);
        end();
    }

    void pausePool(boolean paused) {
        begin(Step.PAUSE_POOL, nowhere(), null);
        if (paused) {
            conductor.levers().onPause(ledger.now);
        } else {
            conductor.levers().onUnpause(ledger.now);
        }
        ledger.check(ledger.paused == (paused && !ledger.draining), "is not paused, or not resumed", paused);
        end();
    }

    void roll(int release) {
        begin(Step.ROLL, nowhere(), null);
        boolean may = !ledger.draining && !ledger.rolling;
        if (may) {
            ledger.candidate = release;
            ledger.rolling = true;
        }
        boolean accepted = conductor.levers().onRoll(release, ledger.now);
        ledger.check(accepted == may, accepted ? "rolls twice at once" : "does not roll", release);
        end();
    }

    void replace(int slot) {
        boolean known = slot >= 1 && slot < ledger.places.length;
        Place place = known ? ledger.places[slot] : nowhere();
        begin(Step.REPLACE, place, null);
        boolean may = known && !ledger.draining && (place.works() || place.phase == Place.Phase.SPARE);
        place.sureToLeave |= may;
        boolean accepted = conductor.levers().onReplace(slot, ledger.now);
        ledger.check(accepted == may, accepted ? "replaces nobody" : "does not replace", slot);
        end();
    }

    void quarantine(String name, boolean held) {
        begin(held ? Step.QUARANTINE : Step.RELEASE, nowhere(), null);
        ledger.inputText = name;
        boolean known = ledger.names.isEmpty() || ledger.names.contains(name);
        if (held) {
            boolean may = known && !ledger.draining;
            String refusal = conductor.levers().onQuarantine(name, ledger.now);
            ledger.check((refusal == null) == may, "is held back, or not: " + refusal, name);
            if (may) {
                rules.quarantine.byHand(name);
            }
        } else {
            boolean may = rules.quarantine.holds(name);
            ledger.check(conductor.levers().onRelease(name, ledger.now) == may, "is released, or not", name);
        }
        end();
    }

    /** Nothing is held back any more. */
    void releaseAll() {
        for (String name : rules.quarantine.names()) {
            quarantine(name, false);
        }
    }

    /** When the next tick is due. */
    long tick() {
        begin(Step.TICK, nowhere(), null);
        if (rules.clock.ticking()) {
            ledger.traced(Step.LATE_TICK, nowhere(), null, 0);
            ledger.tally.steps[Step.LATE_TICK.ordinal()]++;
        }
        long effectsBefore = watch.effects();
        long next = conductor.onTick(ledger.now);
        end();
        rules.ticked(next, watch.effects() == effectsBefore && ledger.touched.isEmpty() && woken);
        woken = false;
        return next;
    }

    /** The next tick happens for no other reason than that it is due. */
    void wakes() {
        woken = true;
    }

    // ---- clients

    /** @param sibling null for a party of its own */
    SimClient clientOpened(OnDisconnect onDisconnect, @Nullable SimClient sibling) {
        int number = ledger.clients.size();
        String attachment = "client " + number;
        SimShare share = sibling == null ? new SimShare() : sibling.share;
        SimClient client = new SimClient(
                number,
                onDisconnect,
                conductor.onClientOpened(onDisconnect, attachment, sibling == null ? null : sibling.client),
                share);
        ledger.check(
                client.client.attachment().equals(attachment) && client.client.onDisconnect() == onDisconnect,
                "the client is another",
                null);
        ledger.clients.add(client);
        if (sibling == null) {
            ledger.shares.add(share);
        }
        return client;
    }

    void submit(SimClient client, TaskSpec spec) {
        SimTask task = new SimTask(ledger.tasks.size(), client, spec, ledger.now);
        ledger.tasks.add(task);
        ledger.tally.submitted++;
        client.outstanding++;
        rules.tasks.submitting(task);
        begin(Step.SUBMIT, nowhere(), task);
        conductor.onSubmit(client.client, task.number, spec, ledger.now);
        end();
    }

    /** @param task null for an id that never was */
    void cancel(@Nullable SimTask task) {
        begin(Step.CANCEL, nowhere(), task);
        if (task != null && task.stage.unfinished() && task.stage != Stage.SETTLING && task.stops == 0) {
            task.stops = SimTask.CANCEL;
            ledger.mustStop.add(task);
        }
        conductor.onCancel(task == null ? ledger.swarm.firstTaskId - 1 : task.id(), ledger.now);
        end();
    }

    void pause(SimClient client, boolean paused) {
        begin(paused ? Step.PAUSE : Step.RESUME, nowhere(), null);
        if (!client.gone && client.share.paused != paused) {
            rules.queue.paused(client.share, paused);
        }
        conductor.onClientPaused(client.client, paused, ledger.now);
        end();
    }

    void vanish(SimClient client) {
        begin(Step.VANISH, nowhere(), null);
        if (!client.gone) {
            client.gone = true;
            if (client.share.paused) {
                rules.queue.paused(client.share, false);
            }
            if (client.onDisconnect != OnDisconnect.KEEP) {
                client.abandonNanos = Ledger.plus(ledger.now, ledger.swarm.pool.disconnectGraceNanos());
                rules.clock.expect(client.abandonNanos, ClockRules.CLIENT, client.number);
            }
        }
        conductor.onClientGone(client.client, ledger.now);
        end();
    }

    // ---- the store

    void persisted(long upTo) {
        begin(Step.PERSISTED, nowhere(), null);
        ledger.inputLsn = upTo;
        conductor.onPersisted(upTo, ledger.now);
        answered();
    }

    void persistFailed(long from) {
        begin(Step.PERSIST_FAILED, nowhere(), null);
        ledger.inputLsn = from;
        conductor.onPersistFailed(from, ledger.now);
        answered();
    }

    private void answered() {
        for (SimTask task : ledger.atStore) {
            boolean failedBefore = task.settleFailed;
            rules.tasks.answered(task);
            if (task.settleFailed && !failedBefore) {
                rules.clock.expect(ledger.now + Delays.max(1), ClockRules.SETTLE, task);
            }
        }
        ledger.atStore.removeIf(task -> task.stage != Stage.ACCEPTING && task.stage != Stage.SETTLING);
        end();
    }
}
