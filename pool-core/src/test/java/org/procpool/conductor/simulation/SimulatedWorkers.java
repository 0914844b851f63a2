package org.procpool.conductor.simulation;

import java.util.List;
import java.util.SplittableRandom;
import org.procpool.conductor.simulation.World.Event;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.task.ExitStatus;
import org.procpool.task.WorkerResult;

/** Processes that boot, work, fail, hang, lie and die. */
final class SimulatedWorkers {

    private static final List<List<String>> RELEASES = List.of(List.of("echo", "fib", "sleep"), List.of("echo", "fib"));
    private static final int KILLED = 137;
    private static final int[] EXITS = {0, 1, 3, 134, 137, 139, 143};
    private static final int ERROR = 1;
    private static final int RETIRE = 2;
    private static final int FLAG_BITS = 2;
    private static final long SMALL_NANOS = Swarm.MILLI;

    private final World world;
    private final Swarm swarm;
    private final SplittableRandom random;
    private final Ledger ledger;
    /** Per place: the generation whose process has died, reaped or not. */
    private final int[] dead;

    private final Payload[] payloads = new Payload[8];

    SimulatedWorkers(World world, SplittableRandom random) {
        this.world = world;
        this.swarm = world.swarm;
        this.ledger = world.ledger;
        this.random = random;
        this.dead = new int[ledger.places.length];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = Payload.of(new byte[i + 1]);
        }
    }

    private boolean happens(double rate) {
        return world.happens(rate);
    }

    private long within(long nanos) {
        return 1 + random.nextLong(Math.max(1, nanos));
    }

    private void at(long delayNanos, Event event, int slot, int generation, long detail) {
        world.after(delayNanos, event, slot, generation, detail);
    }

    // ---- what the conductor wants

    void launched(Place place) {
        int slot = place.slot;
        int generation = place.generation;
        long boot = swarm.bootNanos / 2 + within(swarm.bootNanos);
        if (!happens(swarm.bootFaults)) {
            at(within(SMALL_NANOS), Event.LAUNCHED, slot, generation, 0);
            at(boot + SMALL_NANOS, Event.READY, slot, generation, 0);
            if (happens(swarm.crashes)) {
                at(boot + within(1_000 * swarm.runNanos), Event.DIE, slot, generation, exit());
            }
            return;
        }
        int fault = random.nextInt(8);
        if (fault == 0) {
            at(within(boot), Event.LAUNCH_FAILED, slot, generation, 0);
            return;
        }
        at(within(SMALL_NANOS), Event.LAUNCHED, slot, generation, 0);
        switch (fault) {
            case 1 -> at(2 * boot + within(swarm.pool.bootTimeoutNanos()), Event.READY, slot, generation, 0);
            case 2 -> {
                at(boot, Event.BOOT_FAILED, slot, generation, 0);
                at(boot + within(SMALL_NANOS), Event.DIE, slot, generation, 1);
            }
            case 3 -> at(boot, Event.DIE, slot, generation, exit());
            case 4 -> at(boot, Event.LINK_LOST, slot, generation, 0);
            case 5 -> at(boot, Event.CORRUPT, slot, generation, 0);
            case 6 -> at(boot, Event.RESULT, slot, generation, 1 << FLAG_BITS);
            default -> {
                // It never says anything.
            }
        }
    }

    private int exit() {
        return EXITS[random.nextInt(EXITS.length)];
    }

    void offered(Place place, SimTask task) {
        int slot = place.slot;
        int generation = place.generation;
        long run = world.healed() ? within(SMALL_NANOS) : 1 + (long) (-Math.log(random.nextDouble()) * swarm.runNanos);
        long result = task.dispatch << FLAG_BITS
                | (happens(swarm.failures) ? ERROR : 0)
                | (happens(swarm.retirements) ? RETIRE : 0);
        if (happens(swarm.oddities)) {
            at(within(run), Event.PROGRESS, slot, generation, task.dispatch);
        }
        if (happens(swarm.hangs)) {
            return;
        }
        if (happens(swarm.corruption)) {
            boolean unknown = random.nextBoolean();
            at(run, unknown ? Event.RESULT : Event.CORRUPT, slot, generation, task.dispatch + 1 << FLAG_BITS);
            return;
        }
        if (!happens(swarm.crashes)) {
            at(run, Event.RESULT, slot, generation, result);
            if (happens(swarm.staleFrames)) {
                at(run + random.nextLong(4 * run), Event.RESULT, slot, generation, result);
            }
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> at(run, Event.DIE, slot, generation, exit());
            case 1 -> {
                at(run, Event.RESULT, slot, generation, result);
                at(run, Event.DIE, slot, generation, exit());
            }
            case 2 -> at(run, Event.LINK_LOST, slot, generation, 0);
            default -> at(run, Event.DIE, slot, generation, 0);
        }
    }

    void interrupted(Place place, SimTask task) {
        if (happens(swarm.stubborn)) {
            return;
        }
        long flags = random.nextInt(4) == 0 ? 0 : ERROR;
        at(within(SMALL_NANOS), Event.RESULT, place.slot, place.generation, task.dispatch << FLAG_BITS | flags);
    }

    void toldToLeave(Place place) {
        if (!happens(swarm.stubborn / 2)) {
            int code = happens(swarm.crashes) ? exit() : 0;
            at(within(20 * SMALL_NANOS), Event.DIE, place.slot, place.generation, code);
        }
    }

    void killed(Place place) {
        boolean late = happens(swarm.lateExits);
        at(within(late ? 5 * Swarm.SECOND : 5 * SMALL_NANOS), Event.DIE, place.slot, place.generation, KILLED);
    }

    /** Whatever hangs comes to its senses. */
    void heal() {
        for (Place place : ledger.places) {
            SimTask task = place.running;
            if (task != null) {
                at(within(SMALL_NANOS), Event.RESULT, place.slot, place.generation, task.dispatch << FLAG_BITS);
            }
        }
    }

    // ---- what happens to them

    void happens(Event event, int slot, int generation, long detail) {
        Place place = ledger.places[slot];
        boolean silent = dead[slot] >= generation;
        if (event == Event.EXIT) {
            reap(place, generation, (int) detail);
            return;
        }
        if (event == Event.STALE) {
            stale(place, generation, (int) detail);
            return;
        }
        if (silent) {
            return;
        }
        switch (event) {
            case LAUNCHED -> world.inputs.launched(place, generation, 1_000L * generation + slot);
            case LAUNCH_FAILED -> {
                dead[slot] = generation;
                world.inputs.launchFailed(place, generation, "no such command");
            }
            case BOOT_FAILED -> world.inputs.bootFailed(place, generation, "no handlers found");
            case READY -> world.inputs.ready(place, generation, names());
            case LINK_LOST -> world.inputs.linkLost(place, generation);
            case CORRUPT -> world.inputs.corrupt(place, generation);
            case RESULT -> result(place, generation, detail);
            case PROGRESS -> world.inputs.progress(place, generation, detail, random.nextInt(2), "half way");
            default -> die(slot, generation, (int) detail);
        }
    }

    private List<String> names() {
        return RELEASES.get(happens(swarm.oddities) ? 1 : 0);
    }

    private void result(Place place, int generation, long detail) {
        boolean failed = (detail & ERROR) != 0;
        world.inputs.result(
                place,
                generation,
                detail >> FLAG_BITS,
                new WorkerResult(
                        failed ? Payload.EMPTY : payloads[random.nextInt(payloads.length)],
                        random.nextLong(1_000_000),
                        (detail & RETIRE) != 0,
                        failed ? new TaskError("java.io.IOException", "no", "at line " + detail, "") : null));
    }

    private void die(int slot, int generation, int code) {
        dead[slot] = generation;
        if (random.nextBoolean()) {
            world.inputs.linkLost(ledger.places[slot], generation);
        }
        boolean late = happens(swarm.lateExits);
        at(within(late ? 3 * Swarm.SECOND : 3 * SMALL_NANOS), Event.EXIT, slot, generation, code);
    }

    private void reap(Place place, int generation, int code) {
        String tail = random.nextInt(3) == 0 ? "" : "last words " + code;
        world.inputs.gone(place, generation, new ExitStatus(code), tail);
        if (happens(swarm.staleFrames)) {
            at(within(swarm.bootNanos), Event.STALE, place.slot, generation, random.nextInt(8));
        }
    }

    /** Something from a process that has been reaped long since. */
    private void stale(Place place, int generation, int what) {
        switch (what) {
            case 0 -> world.inputs.launched(place, generation, 7);
            case 1 -> world.inputs.bootFailed(place, generation, "late");
            case 2 -> world.inputs.ready(place, generation, List.of("gone"));
            case 3 -> world.inputs.linkLost(place, generation);
            case 4 -> world.inputs.corrupt(place, generation);
            case 5 -> world.inputs.progress(place, generation, 1, 1, "late");
            case 6 -> world.inputs.gone(place, generation, new ExitStatus(0), "");
            default -> result(place, generation, 1 << FLAG_BITS);
        }
    }
}
