package org.procpool.conductor.simulation;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.simulation.SimProcess.Hold;
import org.procpool.conductor.simulation.SimProcess.Message;
import org.procpool.conductor.simulation.World.Event;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerEnd;
import org.procpool.task.WorkerResult;

/** Processes that boot, work, fail, hang, lie and die. */
final class SimulatedWorkers {

    private static final int KILLED = 137;
    private static final int OUT_OF_MEMORY = 3;
    private static final int[] EXITS = {0, 1, OUT_OF_MEMORY, 134, 137, 139, 143};
    private static final long SMALL_NANOS = Swarm.MILLI;
    private static final long SOCKET_NANOS = 30_000;
    private static final int DETAIL_BITS = 2;
    private static final Payload[] PAYLOADS = new Payload[8];

    static {
        for (int i = 0; i < PAYLOADS.length; i++) {
            PAYLOADS[i] = Payload.of(new byte[i + 1]);
        }
    }

    private final World world;
    private final Swarm swarm;
    private final SplittableRandom random;
    private final Ledger ledger;
    /** The present process of each place, or the last one. */
    private @Nullable SimProcess[] processes;

    SimulatedWorkers(World world, SplittableRandom random) {
        this.world = world;
        this.swarm = world.swarm;
        this.ledger = world.ledger;
        this.random = random;
        this.processes = new SimProcess[ledger.places.length];
    }

    private boolean happens(double rate) {
        return world.happens(rate);
    }

    private long within(long nanos) {
        return 1 + random.nextLong(Math.max(1, nanos));
    }

    private void in(long delayNanos, Event event, SimProcess process, long detail) {
        at(ledger.now + delayNanos, event, process, detail);
    }

    void at(long atNanos, Event event, SimProcess process, long detail) {
        world.at(atNanos, event, process.slot, process.generation, detail);
    }

    private long slowly() {
        return within(random.nextInt(4) == 0 ? 50 * SMALL_NANOS : 5 * SMALL_NANOS);
    }

    /** Of a place that has, or had, one. */
    private SimProcess process(int slot) {
        SimProcess process = processes[slot];
        if (process == null) {
            throw new IllegalStateException("there never was a process in place " + slot);
        }
        return process;
    }

    int exit() {
        return EXITS[random.nextInt(EXITS.length)];
    }

    // ---- what the conductor wants

    void launched(Place place) {
        SimProcess process =
                new SimProcess(this, place.slot, place.generation, !happens(swarm.recorderless), ledger.now);
        if (place.slot >= processes.length) {
            processes = Arrays.copyOf(processes, place.slot + 1);
        }
        processes[place.slot] = process;
        long boot = swarm.bootNanos / 2 + within(swarm.bootNanos);
        if (!happens(swarm.bootFaults)) {
            in(within(SMALL_NANOS), Event.LAUNCHED, process, 0);
            in(boot + SMALL_NANOS, Event.READY, process, 0);
            if (happens(swarm.crashes)) {
                in(boot + within(1_000 * swarm.runNanos), Event.DIE, process, exit());
            }
            return;
        }
        int fault = random.nextInt(8);
        if (fault == 0) {
            in(within(boot), Event.LAUNCH_FAILED, process, 0);
            return;
        }
        in(within(SMALL_NANOS), Event.LAUNCHED, process, 0);
        switch (fault) {
            case 1 -> in(2 * boot + within(swarm.pool.bootTimeoutNanos()), Event.READY, process, 0);
            case 2 -> {
                in(boot, Event.BOOT_FAILED, process, 0);
                in(boot + within(SMALL_NANOS), Event.DIE, process, 1);
            }
            case 3 -> in(boot, Event.DIE, process, exit());
            case 4 -> in(boot, Event.LINK_LOST, process, 0);
            case 5 -> in(boot, Event.CORRUPT, process, 0);
            case 6 -> in(boot, Event.RESULT, process, 1 << DETAIL_BITS);
            default -> {
                // It never says anything.
            }
        }
    }

    Claim offered(Place place, SimTask task, long dispatch) {
        SimProcess process = process(place.slot);
        process.advance(ledger.now);
        long run = world.healed() ? within(SMALL_NANOS) : 1 + (long) (-Math.log(random.nextDouble()) * swarm.runNanos);
        long limit = ledger.runLimitNanos(task);
        if (limit < Swarm.SECOND && happens(swarm.races)) {
            run = Math.max(1, limit + random.nextLong(-SMALL_NANOS, SMALL_NANOS));
        }
        long arrival = process.arrival(ledger.now + (happens(swarm.slowAnswers / 4) ? within(SMALL_NANOS) : 5_000));
        int flags = (happens(swarm.failures) ? Claim.ERROR : 0) | (happens(swarm.retirements) ? Claim.RETIRE : 0);
        // Others are programs that do not heed it.
        if (task.spec.retiresWorker() && place.slot % 2 == 0) {
            flags |= Claim.RETIRE;
        }
        Claim claim = new Claim(task, dispatch, arrival, run, Fates.draw(world, random), flags);
        process.add(claim);
        at(arrival, Event.WORK, process, 0);
        if (happens(swarm.oddities)) {
            in(within(run), Event.PROGRESS, process, dispatch);
        }
        if (happens(swarm.holds)) {
            in(within(2 * run), Event.HOLD, process, random.nextInt(1, 4));
        }
        return claim;
    }

    /** The worker may have gone on a little since the conductor read the time. */
    boolean takenBack(Place place, SimOffer offer) {
        SimProcess process = process(place.slot);
        long ahead = switch (random.nextInt(16)) {
            case 0 -> random.nextLong(2 * SMALL_NANOS);
            case 1, 2, 3 -> random.nextLong(SOCKET_NANOS);
            default -> 0;
        };
        process.advance(ledger.now + ahead);
        return process.revoke(offer.claim);
    }

    void observing(Place place) {
        SimProcess process = process(place.slot);
        boolean slow = happens(swarm.slowAnswers);
        if (slow && random.nextBoolean()) {
            process.advance(ledger.now);
            process.savedPassed = process.passed();
            process.savedRunning = process.observedRunning();
            process.savedStart = process.observedStart();
        }
        in(slow ? slowly() : 0, Event.OBSERVED, process, 0);
    }

    void aiming(Place place, long dispatch) {
        in(happens(swarm.slowAnswers) ? slowly() : within(50_000), Event.AIMED, process(place.slot), dispatch);
    }

    void interrupted(Place place, long dispatch) {
        SimProcess process = process(place.slot);
        process.advance(ledger.now);
        if (happens(swarm.stubborn)) {
            return;
        }
        long reaction = happens(swarm.races)
                ? swarm.pool.graceNanos() + random.nextLong(-SMALL_NANOS, SMALL_NANOS)
                : within(SMALL_NANOS);
        int flags = random.nextInt(4) == 0 ? 0 : Claim.ERROR;
        process.interrupt(dispatch, ledger.now + Math.max(1, reaction), flags);
    }

    void pinged(Place place) {
        SimProcess process = process(place.slot);
        if (process.hold != Hold.NONE) {
            process.pingWaits = true;
            return;
        }
        boolean late = happens(swarm.slowAnswers / 4);
        long delay = late ? within(3 * swarm.pool.hangTimeoutNanos() / 2) : within(SMALL_NANOS);
        in(delay, Event.PONG, process, 0);
    }

    void examining(Place place) {
        in(
                happens(swarm.slowAnswers) ? within(300 * SMALL_NANOS) : within(SMALL_NANOS),
                Event.EXAMINED,
                process(place.slot),
                0);
    }

    void weighing(Place place) {
        in(happens(swarm.slowAnswers) ? slowly() : within(SMALL_NANOS), Event.WEIGHED, process(place.slot), 0);
    }

    void toldToLeave(Place place) {
        if (!happens(swarm.stubborn / 2)) {
            int code = happens(swarm.crashes) ? exit() : 0;
            in(within(20 * SMALL_NANOS), Event.DIE, process(place.slot), code);
        }
    }

    void killed(Place place) {
        boolean late = happens(swarm.lateExits);
        in(within(late ? 5 * Swarm.SECOND : 5 * SMALL_NANOS), Event.DIE, process(place.slot), KILLED);
    }

    // ---- what a process does by itself

    long shownStart(long startNanos) {
        if (!happens(swarm.lies)) {
            return startNanos;
        }
        return switch (random.nextInt(3)) {
            case 0 -> random.nextLong();
            case 1 -> startNanos + random.nextLong(10 * Swarm.SECOND);
            default -> startNanos - random.nextLong(10 * Swarm.SECOND);
        };
    }

    void starts(Claim claim) {
        claim.task.starts++;
        int startsMax = claim.task.spec.maxAttempts() + claim.task.failures;
        ledger.check(claim.task.starts <= startsMax, "a worker started it too often", claim.task);
        ledger.check(claim.task.stage == Stage.RUNNING, "a worker started what it no longer has", claim.task);
    }

    boolean goesOnThough() {
        return happens(swarm.lies * 4);
    }

    long socketDelay() {
        return happens(swarm.slowAnswers) ? slowly() : within(SOCKET_NANOS);
    }

    void passedOver(SimProcess process, Claim claim, long atNanos) {
        if (happens(swarm.lies)) {
            at(atNanos + within(10 * SMALL_NANOS), Event.LIE, process, claim.dispatch << DETAIL_BITS);
        }
    }

    void answered(SimProcess process, Claim claim, long atNanos) {
        if (happens(swarm.staleFrames)) {
            at(atNanos + within(4 * claim.runNanos) + SMALL_NANOS, Event.LIE, process, claim.dispatch << DETAIL_BITS);
        }
    }

    void dies(SimProcess process, long atNanos, int code) {
        if (process.dead) {
            return;
        }
        process.dead();
        if (random.nextBoolean()) {
            at(atNanos, Event.LINK_LOST, process, 0);
        }
        boolean late = happens(swarm.lateExits);
        at(atNanos + within(late ? 3 * Swarm.SECOND : 3 * SMALL_NANOS), Event.EXIT, process, code);
    }

    void count(Incident incident) {
        ledger.tally.count(incident);
    }

    boolean healed() {
        return world.healed();
    }

    /** Whatever hangs comes to its senses. */
    void heal() {
        for (SimProcess process : processes) {
            if (process == null) {
                continue;
            }
            // First, or what it must end by would be put off by as long as it was held.
            release(process);
            process.advance(ledger.now);
            Claim unfinished = process.unfinished();
            if (unfinished != null) {
                process.interrupt(unfinished.dispatch, ledger.now + within(SMALL_NANOS), 0);
            }
        }
    }

    // ---- what happens to them

    void happens(Event event, int slot, int generation, long detail) {
        Place place = ledger.places[slot];
        SimProcess process = process(slot);
        if (event == Event.STALE) {
            new StaleWords(world).say(place, generation, (int) detail);
            return;
        }
        if (process.generation != generation || !place.alive()) {
            return;
        }
        process.advance(ledger.now);
        switch (event) {
            case EXIT -> reap(place, process, (int) detail);
            case LINK_LOST -> world.said.linkLost(place, generation);
            case DELIVER -> deliver(place, process);
            case OBSERVED -> observed(place, process);
            case AIMED -> {
                handIn(place, process);
                world.said.aimed(place, generation, detail);
            }
            case EXAMINED ->
                world.said.examined(place, generation, process.hold == Hold.STOPPED, process.cpuNanos(ledger.now));
            case WEIGHED -> {
                long most = world.healed() ? Swarm.RESIDENT_BYTES_MAX : 2 * Swarm.RESIDENT_BYTES_MAX;
                world.said.weighed(place, generation, random.nextLong(most));
            }
            case STALLED -> world.said.stalled(place, generation);
            default -> {
                if (!process.dead) {
                    happensAlive(event, place, process, detail);
                }
            }
        }
    }

    private void happensAlive(Event event, Place place, SimProcess process, long detail) {
        int generation = process.generation;
        switch (event) {
            case WORK -> {
                // It has just been brought up to date.
            }
            case LAUNCHED -> world.said.launched(place, generation, 1_000L * generation + place.slot);
            case LAUNCH_FAILED -> {
                process.dead();
                world.said.launchFailed(place, generation, "no such command");
            }
            case BOOT_FAILED -> world.said.bootFailed(place, generation, "no handlers found");
            case READY -> ready(place, process);
            case CORRUPT -> world.said.corrupt(place, generation);
            case RESULT -> result(place, generation, detail >> DETAIL_BITS, (int) detail & 3, within(SMALL_NANOS));
            case LIE -> lie(place, process, detail);
            case PROGRESS -> world.said.progress(place, generation, detail, random.nextInt(2), "half way");
            case HOLD -> hold(process, Hold.values()[(int) detail]);
            case RELEASE -> release(process);
            case PONG -> pong(place, process);
            case UNKNOWABLE -> {
                process.unknowable = true;
                in(within(5 * SMALL_NANOS), Event.CORRUPT, process, 0);
            }
            default -> dies(process, ledger.now, (int) detail);
        }
    }

    private void ready(Place place, SimProcess process) {
        if (happens(swarm.stalls)) {
            in(within(500 * swarm.runNanos), Event.STALLED, process, 0);
        }
        if (process.recorder && happens(swarm.lies)) {
            in(within(500 * swarm.runNanos), Event.UNKNOWABLE, process, 0);
        }
        if (happens(swarm.holds)) {
            in(within(2 * swarm.runNanos), Event.HOLD, process, random.nextInt(1, 4));
        }
        world.said.ready(place, process.generation, Names.release(happens(swarm.oddities)), process.recorder);
    }

    private void hold(SimProcess process, Hold why) {
        if (world.healed()) {
            return;
        }
        process.hold(why, ledger.now);
        if (random.nextInt(8) != 0) {
            in(within(2 * swarm.holdNanos), Event.RELEASE, process, 0);
        }
    }

    private void release(SimProcess process) {
        process.release(ledger.now);
        if (process.pingWaits) {
            process.pingWaits = false;
            in(within(SMALL_NANOS), Event.PONG, process, 0);
        }
    }

    private void pong(Place place, SimProcess process) {
        if (process.hold != Hold.NONE) {
            process.pingWaits = true;
        } else if (!process.linkClosed) {
            world.said.pong(place, process.generation);
        }
    }

    private void observed(Place place, SimProcess process) {
        if (process.unknowable) {
            world.said.corrupt(place, process.generation);
        } else if (process.savedPassed >= 0) {
            long passed = process.savedPassed;
            process.savedPassed = -1;
            world.said.observed(place, process.generation, passed, process.savedRunning, process.savedStart);
        } else {
            world.said.observed(
                    place, process.generation, process.passed(), process.observedRunning(), process.observedStart());
        }
    }

    /** What its socket has by now. */
    private void deliver(Place place, SimProcess process) {
        while (!process.linkClosed
                && !process.unread.isEmpty()
                && process.unread.getFirst().readableNanos() <= ledger.now) {
            handInOne(place, process);
        }
    }

    /** All that it has answered, in socket and page. The number of results. */
    private int handIn(Place place, SimProcess process) {
        int results = 0;
        while (!process.unread.isEmpty()) {
            results += process.unread.getFirst().kind() == Event.RESULT ? 1 : 0;
            handInOne(place, process);
        }
        return results;
    }

    private void handInOne(Place place, SimProcess process) {
        Message message = process.unread.removeFirst();
        if (message.kind() == Event.CORRUPT) {
            world.said.corrupt(place, process.generation);
        } else {
            result(place, process.generation, message.dispatch(), message.flags(), message.runNanos());
        }
    }

    private void result(Place place, int generation, long dispatch, int flags, long runNanos) {
        boolean failed = (flags & Claim.ERROR) != 0;
        world.said.result(
                place,
                generation,
                dispatch,
                new WorkerResult(
                        failed ? Payload.EMPTY : PAYLOADS[random.nextInt(PAYLOADS.length)],
                        happens(swarm.lies) ? random.nextLong(1L << 40) : runNanos,
                        (flags & Claim.RETIRE) != 0,
                        failed ? new TaskError("java.io.IOException", "no", "at line " + dispatch, "") : null));
    }

    /** A result twice, or one of an offer that was taken back, after that offer is known to be passed. */
    private void lie(Place place, SimProcess process, long detail) {
        long dispatch = detail >> DETAIL_BITS;
        if (place.passed >= dispatch && place.inFlight(dispatch) == null) {
            result(place, process.generation, dispatch, 0, 1);
        }
    }

    private void reap(Place place, SimProcess process, int code) {
        int recovered = 0;
        if (!process.unknowable && (process.recorder || random.nextBoolean())) {
            recovered = handIn(place, process);
        }
        process.unread.clear();
        String tail = random.nextInt(3) == 0 ? "" : "last words " + code;
        boolean outOfMemory = code == OUT_OF_MEMORY && random.nextBoolean();
        WorkerEnd end = new WorkerEnd(new ExitStatus(code), "before\n" + tail, tail, "", outOfMemory, "", "", "", 0);
        int wrapped = recovered == 0 ? 0 : random.nextInt(recovered + 1);
        world.said.gone(place, process.generation, end, recovered, wrapped);
        if (happens(swarm.staleFrames)) {
            in(within(swarm.bootNanos), Event.STALE, process, random.nextInt(StaleWords.KINDS));
        }
    }

    // ---- the truth, for those who hold the conductor to it

    /** What it has started without having answered it; null if nothing, or if nobody can know. */
    @Nullable
    Claim unfinished(Place place) {
        SimProcess process = process(place.slot);
        process.advance(ledger.now);
        return process.unknowable ? null : process.unfinished();
    }

    boolean unknowable(Place place) {
        return process(place.slot).unknowable;
    }
}
