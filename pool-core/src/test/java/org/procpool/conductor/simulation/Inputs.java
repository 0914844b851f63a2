package org.procpool.conductor.simulation;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Conductor;
import org.procpool.proto.OnDisconnect;
import org.procpool.task.ExitStatus;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerResult;

/** The conductor under test: every input goes through here, is noted before and checked after. */
final class Inputs {

    private static final int CHECK_SUMS_EVERY = 4;
    private static final int CHECK_ALL_EVERY = 1024;

    private final Ledger ledger;
    private final QueueRules queue;
    private final ClockRules clock;
    private final WorkerRules workers;
    private final TaskRules tasks;
    private final BookRules books;
    private final Watch watch;
    private final Conductor conductor;
    private long inputs;

    Inputs(Ledger ledger, Watch.Reactions world) {
        this.ledger = ledger;
        this.queue = new QueueRules(ledger);
        this.clock = new ClockRules(ledger);
        this.workers = new WorkerRules(ledger, clock);
        this.tasks = new TaskRules(ledger, queue);
        this.books = new BookRules(ledger);
        this.watch = new Watch(ledger, tasks, workers, clock, world);
        this.conductor = new Conductor(
                ledger.swarm.pool, watch, ledger.swarm.seed, ledger.swarm.firstTaskId, ledger.swarm.originNanos);
    }

    private void begin(Step step, Place place, @Nullable SimTask task) {
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

    private void end() {
        tasks.settled();
        workers.settled(queue.runnable());
        if (ledger.hopeless && !ledger.everReady) {
            ledger.check(ledger.failed, "did not fail though no worker can be started", null);
        }
        if (ledger.draining && !ledger.drained && ledger.unfinished == 0) {
            boolean empty = true;
            for (Place place : ledger.places) {
                empty &= !place.alive();
                ledger.check(
                        place.phase != Place.Phase.STARTING && place.phase != Place.Phase.READY,
                        "was not sent away though nothing is left to do",
                        place);
            }
            ledger.check(!empty, "is not drained though nothing is left", null);
        }
        inputs++;
        if (inputs % CHECK_SUMS_EVERY == 0) {
            books.checkSums(conductor);
        }
        if (inputs % CHECK_ALL_EVERY == 0) {
            books.checkAll(conductor);
        }
    }

    void checkAll() {
        books.checkSums(conductor);
        books.checkAll(conductor);
    }

    void checkEmpty() {
        books.checkEmpty();
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
        for (int slot = 1; slot < ledger.places.length; slot++) {
            ledger.check(ledger.places[slot].alive(), "was not launched", ledger.places[slot]);
        }
    }

    void drain(long timeoutNanos) {
        begin(Step.DRAIN_POOL, nowhere(), null);
        if (!ledger.draining) {
            ledger.draining = true;
            ledger.drainByNanos = Ledger.plus(ledger.now, timeoutNanos);
            clock.expect(ledger.drainByNanos, ClockRules.DRAIN, 0);
        }
        conductor.onDrain(timeoutNanos, ledger.now);
        end();
    }

    void stop() {
        begin(Step.STOP_POOL, nowhere(), null);
        if (!ledger.drained) {
            ledger.draining = true;
            ledger.stopping = true;
            clock.force();
        }
        conductor.onStop(ledger.now);
        end();
    }

    /** When the next tick is due. */
    long tick() {
        begin(Step.TICK, nowhere(), null);
        if (clock.ticking()) {
            ledger.traced(Step.LATE_TICK, nowhere(), null, 0);
            ledger.tally.steps[Step.LATE_TICK.ordinal()]++;
        }
        long effectsBefore = watch.effects();
        long next = conductor.onTick(ledger.now);
        queue.noticeRepeats();
        end();
        clock.ticked(next, watch.effects() == effectsBefore && ledger.touched.isEmpty() && woken);
        woken = false;
        return next;
    }

    /** The next tick happens for no other reason than that it is due. */
    void wakes() {
        woken = true;
    }

    private boolean woken;

    // ---- clients

    SimClient clientOpened(OnDisconnect onDisconnect) {
        int number = ledger.clients.size();
        String attachment = "client " + number;
        SimClient client = new SimClient(number, onDisconnect, conductor.onClientOpened(onDisconnect, attachment));
        ledger.check(
                client.client.attachment().equals(attachment) && client.client.onDisconnect() == onDisconnect,
                "the client is another",
                null);
        ledger.clients.add(client);
        return client;
    }

    void submit(SimClient client, TaskSpec spec) {
        SimTask task = new SimTask(ledger.tasks.size(), client, spec, ledger.now);
        ledger.tasks.add(task);
        ledger.tally.submitted++;
        client.outstanding++;
        tasks.submitting(task);
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
        if (!client.gone && client.paused != paused) {
            queue.paused(client, paused);
        }
        conductor.onClientPaused(client.client, paused, ledger.now);
        end();
    }

    void vanish(SimClient client) {
        begin(Step.VANISH, nowhere(), null);
        if (!client.gone) {
            client.gone = true;
            if (client.paused) {
                queue.paused(client, false);
            }
            if (client.onDisconnect != OnDisconnect.KEEP) {
                client.abandonNanos = Ledger.plus(ledger.now, ledger.swarm.pool.disconnectGraceNanos());
                clock.expect(client.abandonNanos, ClockRules.CLIENT, client.number);
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
            tasks.answered(task);
            if (task.settleFailed && !failedBefore) {
                clock.expect(ledger.now + Delays.max(1), ClockRules.SETTLE, task);
            }
        }
        ledger.atStore.removeIf(task -> task.stage != Stage.ACCEPTING && task.stage != Stage.SETTLING);
        end();
    }

    // ---- workers

    void launched(Place place, int generation, long pid) {
        begin(Step.LAUNCHED, place, null);
        if (ledger.live(place.slot, generation) == null) {
            ledger.stale++;
        } else {
            place.pid = pid;
        }
        conductor.onLaunched(place.slot, generation, pid);
        end();
    }

    void launchFailed(Place place, int generation, String why) {
        begin(Step.LAUNCH_FAILED, place, null);
        ledger.inputText = why;
        if (ledger.live(place.slot, generation) == null) {
            ledger.stale++;
            ledger.inputPlace = null;
        }
        conductor.onLaunchFailed(place.slot, generation, why, ledger.now);
        checkGone(place, generation);
    }

    void bootFailed(Place place, int generation, String why) {
        begin(Step.BOOT_FAILED, place, null);
        staleUnlessLive(place, generation);
        conductor.onBootFailed(place.slot, generation, why);
        end();
    }

    void ready(Place place, int generation, List<String> names) {
        begin(Step.READY, place, null);
        staleUnlessLive(place, generation);
        if (ledger.inputPlace != null && workers.readying(place)) {
            ledger.names = new TreeSet<>(names);
        }
        conductor.onWorkerReady(place.slot, generation, names, ledger.now);
        end();
    }

    void linkLost(Place place, int generation) {
        begin(Step.LINK_LOST, place, null);
        staleUnlessLive(place, generation);
        conductor.onLinkLost(place.slot, generation);
        end();
    }

    void corrupt(Place place, int generation) {
        begin(Step.CORRUPT, place, null);
        staleUnlessLive(place, generation);
        conductor.onCorrupt(place.slot, generation);
        end();
    }

    private void staleUnlessLive(Place place, int generation) {
        if (ledger.live(place.slot, generation) == null) {
            ledger.stale++;
            ledger.inputPlace = null;
        }
    }

    void result(Place place, int generation, long dispatch, WorkerResult result) {
        SimTask running = place.generation == generation ? place.running : null;
        SimTask task = running != null && running.dispatch == dispatch ? running : null;
        begin(Step.RESULT, place, task);
        ledger.inputResult = result;
        ledger.inputLsn = dispatch;
        if (ledger.live(place.slot, generation) == null) {
            ledger.inputPlace = null;
        }
        if (task == null) {
            ledger.stale++;
        }
        conductor.onResult(place.slot, generation, dispatch, result, ledger.now);
        end();
    }

    void progress(Place place, int generation, long dispatch, int fraction, String note) {
        SimTask running = place.generation == generation ? place.running : null;
        SimTask task = running != null && running.dispatch == dispatch ? running : null;
        begin(Step.PROGRESS, place, task);
        ledger.inputText = note;
        ledger.inputLsn = fraction;
        if (task == null) {
            ledger.stale++;
        }
        conductor.onProgress(place.slot, generation, dispatch, fraction, note);
        ledger.check(ledger.inputTask == null, "progress was not passed on", task);
        end();
    }

    void gone(Place place, int generation, ExitStatus exit, String outputTail) {
        boolean live = ledger.live(place.slot, generation) != null;
        begin(Step.GONE, place, live ? place.running : null);
        ledger.inputExit = exit;
        ledger.inputText = outputTail;
        if (!live) {
            ledger.stale++;
            ledger.inputPlace = null;
        }
        conductor.onWorkerGone(place.slot, generation, exit, outputTail, ledger.now);
        checkGone(place, generation);
    }

    private void checkGone(Place place, int generation) {
        ledger.check(ledger.live(place.slot, generation) == null, "is believed alive though it has gone", place);
        end();
    }
}
