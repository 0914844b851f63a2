package org.procpool.conductor.simulation;

import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.conductor.simulation.SimOffer.Known;
import org.procpool.proto.OnDisconnect;

/** What is due when: every deadline is worked out here once more, and nothing may be late or forgotten. */
final class ClockRules {

    static final int TTL = 0;
    static final int RUN = 1;
    static final int GRACE = 2;
    static final int BOOT = 3;
    static final int LEAVE = 4;
    static final int RESTART = 5;
    static final int RETRY = 6;
    static final int SETTLE = 7;
    static final int CLIENT = 8;
    static final int DRAIN = 9;

    /** How many levels of coarse deadlines may wake the loop before a fine one does. */
    private static final int WAKES_PER_DEADLINE = 8;

    private static final String[] NAMES = {
        "time to live",
        "run limit",
        "grace",
        "boot time-out",
        "leaving",
        "restart",
        "repeat",
        "settling",
        "client",
        "drain time-out"
    };

    private static final long LATE_NANOS = 500 * Swarm.MILLI;
    private static final long FORGIVENESS_NANOS = 250 * Swarm.MILLI;

    private final Ledger ledger;
    private final EventQueue expected = new EventQueue();
    private final EventQueue again = new EventQueue();
    private long nextTickNanos = Long.MAX_VALUE;
    private long deadlines;
    private long wakes;

    ClockRules(Ledger ledger) {
        this.ledger = ledger;
    }

    void expect(long deadlineNanos, int kind, SimTask task) {
        int version = kind == SETTLE ? task.settleTries : kind == TTL ? 0 : task.offers;
        add(deadlineNanos, kind, task.number, version);
    }

    void expect(long deadlineNanos, int kind, Place place) {
        add(deadlineNanos, kind, place.slot, place.generation);
    }

    void expect(long deadlineNanos, int kind, int number) {
        add(deadlineNanos, kind, number, 0);
    }

    private void add(long deadlineNanos, int kind, int number, int version) {
        if (deadlineNanos != Long.MAX_VALUE) {
            deadlines++;
            expected.add(deadlineNanos, kind, number, version, ledger.inputs);
        }
    }

    /** A deadline that other rules watch: it, too, may cost a few wakes. */
    void armed() {
        deadlines++;
    }

    /** Before a tick: what it must do to clients and the pool. */
    boolean ticking() {
        boolean late = nextTickNanos != Long.MAX_VALUE && ledger.now - nextTickNanos > LATE_NANOS;
        if (nextTickNanos != Long.MAX_VALUE && ledger.now - nextTickNanos > Swarm.MILLI) {
            ledger.looksWhenLate = ledger.looks;
        }
        if (late) {
            ledger.forgiveUntilNanos = ledger.now + FORGIVENESS_NANOS;
        }
        for (SimClient client : ledger.clients) {
            if (client.gone
                    && !client.abandoned
                    && client.onDisconnect != OnDisconnect.KEEP
                    && ledger.overdue(client.abandonNanos)) {
                abandon(client);
            }
        }
        if (ledger.draining && !ledger.forced && !ledger.drained && ledger.overdue(ledger.drainByNanos)) {
            force();
        }
        return late;
    }

    private void abandon(SimClient client) {
        client.abandoned = true;
        for (SimTask task : ledger.tasks) {
            if (task.client != client || task.spec.detached()) {
                continue;
            }
            SimOffer offer = task.offer;
            if (task.stage.waits() || task.stage == Stage.RUNNING && client.onDisconnect == OnDisconnect.CANCEL_ALL) {
                stop(task, SimTask.CLIENT_GONE);
            } else if (task.stage == Stage.RUNNING && offer != null && offer.known == Known.NOT && task.stops == 0) {
                offer.unwantedBy = ledger.inputs;
                ledger.unwanted.add(offer);
            }
        }
    }

    /** The pool's time is up. */
    void force() {
        if (!ledger.forced) {
            ledger.forced = true;
            ledger.forcedBy = ledger.inputs;
        }
        for (SimTask task : ledger.tasks) {
            if (task.stage.unfinished()) {
                stop(task, SimTask.SHUTDOWN);
            }
        }
    }

    /** The first reason stays, but which is first in one and the same tick is not promised. */
    void stop(SimTask task, int why) {
        if (task.stops == 0 || ledger.mustStop.contains(task)) {
            task.stops |= task.stage == Stage.SETTLING ? 0 : why;
            ledger.mustStop.add(task);
        } else if (ledger.forced) {
            ledger.mustStop.add(task);
        }
    }

    /** After a tick. */
    void ticked(long nextNanos, boolean didNothing) {
        nextTickNanos = nextNanos;
        if (didNothing) {
            wakes++;
            // While something waits there is a look twice a second whether that is right, and others whether more or
            // fewer workers are wanted. What is half a second ahead may lie on the third level, each of which wakes
            // the loop.
            long looksPerSecond = ledger.swarm.pool.elasticity().isOn() ? 2 + 20 : 2;
            long looks = looksPerSecond * 3 * (ledger.now - ledger.swarm.originNanos) / Swarm.SECOND;
            ledger.check(
                    wakes - looks <= WAKES_PER_DEADLINE * (deadlines + 1), "ticks without need: " + wakes, deadlines);
        }
        while (!expected.isEmpty() && ledger.overdue(expected.nextNanos())) {
            expected.take();
            if (outstanding() && expected.c == ledger.inputs) {
                // Set by this very tick, after it had looked: the next one's, which must come at once.
                long at = costsAProcess() ? Math.max(ledger.now, ledger.forgiveUntilNanos) : ledger.now;
                again.add(at, expected.kind, expected.a, expected.b, 0);
            } else if (outstanding()) {
                boolean forgiven = ledger.now < ledger.forgiveUntilNanos && costsAProcess();
                ledger.check(forgiven, "a " + NAMES[expected.kind] + " was forgotten", about());
                expected.add(ledger.forgiveUntilNanos, expected.kind, expected.a, expected.b, 0);
            }
        }
        while (!again.isEmpty()) {
            again.take();
            expected.add(again.timeNanos, again.kind, again.a, again.b, again.c);
        }
        while (!expected.isEmpty()) {
            expected.take();
            if (outstanding()) {
                expected.add(expected.timeNanos, expected.kind, expected.a, expected.b, 0);
                long by = costsAProcess() ? Math.max(expected.timeNanos, ledger.forgiveUntilNanos) : expected.timeNanos;
                ledger.check(nextNanos <= ledger.grainUp(by), "would sleep beyond a " + NAMES[expected.kind], about());
                return;
            }
        }
    }

    private Object about() {
        return switch (expected.kind) {
            case BOOT, LEAVE, RESTART -> ledger.places[expected.a];
            case CLIENT, DRAIN -> "client or pool";
            default -> ledger.tasks.get(expected.a);
        };
    }

    private boolean costsAProcess() {
        return expected.kind == RUN || expected.kind == GRACE || expected.kind == BOOT || expected.kind == LEAVE;
    }

    /** Whether the deadline taken out last still matters. */
    private boolean outstanding() {
        return switch (expected.kind) {
            case TTL, RUN, GRACE, RETRY, SETTLE -> ofTask(ledger.tasks.get(expected.a));
            case BOOT, LEAVE, RESTART -> ofPlace(ledger.places[expected.a]);
            case CLIENT -> !ledger.clients.get(expected.a).abandoned;
            default -> ledger.draining && !ledger.forced && !ledger.drained;
        };
    }

    private boolean ofTask(SimTask task) {
        SimOffer offer = task.offer;
        boolean same = task.offers == expected.b;
        boolean runs = same && offer != null && offer.place.works();
        return switch (expected.kind) {
            case TTL -> task.stage == Stage.QUEUED || offer != null && offer.unstarted();
            case RUN -> runs && task.stops == 0 && offer.limitNanos <= expected.timeNanos;
            case GRACE -> runs && offer.place.aimedAt == 0;
            case RETRY -> same && task.stage == Stage.WAITING;
            default -> task.stage == Stage.SETTLING && task.settleFailed && task.settleTries == expected.b;
        };
    }

    private boolean ofPlace(Place place) {
        if (place.generation != expected.b) {
            return false;
        }
        return switch (expected.kind) {
            case BOOT -> place.phase == Phase.STARTING;
            case LEAVE -> place.phase == Phase.LEAVING;
            default ->
                place.restartPending
                        && !ledger.stopping
                        && !ledger.forced
                        && !(ledger.draining && ledger.unfinished == 0);
        };
    }
}
