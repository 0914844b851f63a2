package org.procpool.conductor.simulation;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.TaskState;
import org.procpool.conductor.simulation.SimClient.Entry;
import org.procpool.conductor.simulation.SimClient.SimLane;
import org.procpool.task.TaskSpec;

/**
 * Which task goes next: first in, first out per client and priority, what comes back before the rest; clients take
 * turns; the highest priority first, and every 16th time the oldest of the heads.
 */
final class QueueRules {

    private static final int AGEING_PERIOD = 16;

    private final Ledger ledger;
    private final ClockRules clock;
    private long turns;
    private long picks;
    // Lanes that get something to run again in one and the same tick share a turn.
    private long tickOfTurn;
    private long turnOfTick;
    /** Of all clients that are not paused. */
    private int runnable;

    QueueRules(Ledger ledger, ClockRules clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Tasks that could be offered now. */
    int runnable() {
        return runnable;
    }

    void added(SimTask task) {
        SimLane lane = lane(task);
        entered(lane, task);
        lane.addLast(task);
    }

    private void addedFirst(SimTask task) {
        SimLane lane = lane(task);
        boolean wasEmpty = lane.size == 0;
        entered(lane, task);
        boolean ticking = ledger.input == Step.TICK;
        lane.addFirst(task, ticking ? ledger.inputs : -1);
        if (wasEmpty && ticking) {
            // In which order those of one tick come back is not promised.
            lane.turn = tickTurn();
        }
    }

    private void entered(SimLane lane, SimTask task) {
        if (lane.size == 0) {
            lane.turn = ++turns;
        }
        if (task.client.share.runnable()) {
            runnable++;
        }
    }

    /** It left the queue without its turn. */
    void removed(SimTask task) {
        lane(task).remove(task);
        if (task.client.share.runnable()) {
            runnable--;
        }
    }

    void paused(SimShare share, boolean paused) {
        boolean before = share.runnable();
        share.paused = paused;
        arranged(share, before);
    }

    /** One of its tasks has gone to a worker. */
    void begun(SimShare share) {
        share.inFlight++;
        full(share);
    }

    /** One of its tasks is with a worker no more. */
    void ended(SimShare share) {
        share.inFlight--;
        full(share);
    }

    private void full(SimShare share) {
        int max = ledger.swarm.pool.clients().inFlightTasksMax();
        boolean before = share.runnable();
        share.full = max != 0 && share.inFlight >= max;
        ledger.check(max == 0 || share.inFlight <= max, "a client has more in flight than it may", share.inFlight);
        if (share.full) {
            ledger.tally.count(Incident.CLIENT_FULL);
        }
        arranged(share, before);
    }

    private void arranged(SimShare share, boolean before) {
        if (share.runnable() == before) {
            return;
        }
        for (SimLane lane : share.lanes) {
            if (lane.size > 0) {
                runnable += before ? -lane.size : lane.size;
                lane.turn = ++turns;
            }
        }
    }

    /** It was taken out because it was its turn. */
    void picked(SimTask task) {
        SimLane lane = lane(task);
        int priority = task.spec.priority();
        ledger.check(task.client.share.runnable(), "a task of a paused or full client was picked", task);
        Entry head = lane.head();
        Entry entry = task.entry;
        ledger.check(
                head != null && entry != null && entry.rank == head.rank,
                "not the first of its client and priority",
                task);
        ledger.check(lane.turn == earliestTurn(priority), "not its client's turn", task);
        picks++;
        if (picks % AGEING_PERIOD != 0) {
            ledger.check(priority == highest(), "a higher priority was passed over", task);
        } else {
            for (int other = 0; other < TaskSpec.PRIORITIES; other++) {
                ledger.check(other == priority || !hasOlder(other, task.id()), "an older head was passed over", task);
            }
        }
        removed(task);
        lane.turn = ++turns;
    }

    /**
     * Notes which tasks have come back for another attempt, or from their worker, since the last look.
     *
     * @param offered has come back, and is on its way again already
     */
    void noticeReturns(@Nullable SimTask offered) {
        for (int i = ledger.waitingToRepeat.size() - 1; i >= 0; i--) {
            SimTask task = ledger.waitingToRepeat.get(i);
            if (task.task != null && task.task.state() == TaskState.QUEUED) {
                repeats(task);
            }
        }
        while (!ledger.comingBack.isEmpty()) {
            SimTask task = ledger.comingBack.get(0).task;
            if (task != offered && (task.task == null || task.task.state() != TaskState.QUEUED)) {
                return;
            }
            ledger.comingBack.remove(0);
            comesBack(task);
        }
    }

    void repeats(SimTask task) {
        ledger.check(ledger.now >= task.retryFromNanos, "repeated before its time", task);
        ledger.move(task, Stage.QUEUED);
        addedFirst(task);
        clock.expect(task.expiresNanos, ClockRules.TTL, task);
    }

    /** Its worker had not started it. */
    void comesBack(SimTask task) {
        // What comes first in one and the same tick is not promised; it must end in that tick.
        boolean ends = ledger.input == Step.TICK && ledger.mustStop.contains(task);
        ledger.check(ends || task.stops == 0 && !ledger.forced, "is queued again though it was stopped", task);
        ledger.check(
                ends || !task.client.abandoned || task.spec.detached(),
                "is queued again though its client vanished",
                task);
        ledger.move(task, Stage.QUEUED);
        addedFirst(task);
        clock.expect(task.expiresNanos, ClockRules.TTL, task);
    }

    private long tickTurn() {
        if (tickOfTurn != ledger.inputs) {
            tickOfTurn = ledger.inputs;
            turnOfTick = turns;
        }
        return turnOfTick;
    }

    private static SimLane lane(SimTask task) {
        return task.client.share.lanes[task.spec.priority()];
    }

    private int highest() {
        for (int priority = TaskSpec.PRIORITIES - 1; priority >= 0; priority--) {
            if (earliestTurn(priority) != Long.MAX_VALUE) {
                return priority;
            }
        }
        return -1;
    }

    private long earliestTurn(int priority) {
        long earliest = Long.MAX_VALUE;
        for (SimShare share : ledger.shares) {
            SimLane lane = share.lanes[priority];
            if (share.runnable() && lane.size > 0) {
                earliest = Math.min(earliest, lane.turn);
            }
        }
        return earliest;
    }

    /** Whether the head of the lane whose turn it is in that priority is certainly older than the task. */
    private boolean hasOlder(int priority, long id) {
        long turn = earliestTurn(priority);
        int candidates = 0;
        boolean older = false;
        for (SimShare share : ledger.shares) {
            SimLane lane = share.lanes[priority];
            if (share.runnable() && lane.size > 0 && lane.turn == turn) {
                candidates++;
                SimTask head = lane.certainHead();
                older |= head != null && head.id() < id;
            }
        }
        return candidates == 1 && older;
    }
}
