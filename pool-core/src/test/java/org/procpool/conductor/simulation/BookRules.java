package org.procpool.conductor.simulation;

import java.util.List;
import java.util.Objects;
import org.procpool.conductor.Conductor;
import org.procpool.conductor.Task;
import org.procpool.conductor.Waiting;
import org.procpool.conductor.simulation.Place.Phase;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.RejectReason;
import org.procpool.task.Totals;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** What the conductor says of itself must be what was seen. */
final class BookRules {

    private final Ledger ledger;

    BookRules(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Cheap enough for every input. */
    void checkSums(Conductor conductor) {
        ledger.check(
                conductor.levers().target() == ledger.target
                        && conductor.levers().paused() == ledger.paused
                        && conductor.levers().rolling() == ledger.rolling,
                "is set to " + conductor.levers().target(),
                ledger.target);
        ledger.check(conductor.state() == ledger.state(), "the pool's state is " + conductor.state(), ledger.state());
        Waiting waiting = conductor.waiting(ledger.now);
        long full = ledger.shares.stream().filter(share -> share.full).count();
        ledger.check(
                waiting.tasks() == ledger.waiting
                        && waiting.bytes() == ledger.waitingBytes
                        && waiting.fullClients() == full,
                "counts " + waiting,
                ledger.waiting + " of " + ledger.waitingBytes + ", full clients " + full);
        ledger.check(
                conductor.counters().staleMessages() == ledger.stale,
                "stale messages are " + conductor.counters().staleMessages(),
                ledger.stale);
    }

    void checkAll(Conductor conductor) {
        Totals totals = conductor.counters().totals();
        long[] outcomes = ledger.tally.outcomes;
        Totals expected = new Totals(
                ledger.accepted,
                outcomes[OutcomeKind.SUCCEEDED.ordinal()],
                outcomes[OutcomeKind.FAILED.ordinal()],
                outcomes[OutcomeKind.TIMED_OUT.ordinal()],
                outcomes[OutcomeKind.EXPIRED.ordinal()],
                outcomes[OutcomeKind.WORKER_LOST.ordinal()],
                outcomes[OutcomeKind.CANCELLED.ordinal()],
                sum(ledger.tally.rejections));
        ledger.check(totals.equals(expected), "totals are " + totals, expected);
        for (RejectReason reason : RejectReason.values()) {
            ledger.check(
                    Objects.equals(
                            conductor.counters().rejections().get(reason), ledger.tally.rejections[reason.ordinal()]),
                    "rejections are " + conductor.counters().rejections(),
                    reason);
        }
        for (Departure why : Departure.values()) {
            ledger.check(
                    Objects.equals(conductor.counters().departures().get(why), ledger.tally.departures[why.ordinal()]),
                    "departures are " + conductor.counters().departures(),
                    why);
        }
        long repeated = ledger.tally.moves[Stage.RUNNING.ordinal()][Stage.WAITING.ordinal()];
        ledger.check(
                conductor.counters().failuresRepeated() + conductor.counters().lossesRepeated() == repeated,
                "repetitions are " + conductor.counters().failuresRepeated() + " and "
                        + conductor.counters().lossesRepeated(),
                repeated);
        ledger.check(conductor.counters().restarts() == ledger.restarts, "restarts are wrong", ledger.restarts);
        ledger.check(conductor.taskNames().equals(List.copyOf(ledger.names)), "task names are wrong", ledger.names);
        checkWorkers(conductor.workers());
        checkTasks(conductor);
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private void checkWorkers(List<WorkerSnapshot> workers) {
        int shown = 0;
        for (int slot = 1; slot < ledger.places.length; slot++) {
            Place place = ledger.places[slot];
            if (place.vacant && !place.alive()) {
                continue;
            }
            ledger.check(shown < workers.size(), "is not shown", place);
            SimTask running = place.inFlight.isEmpty() ? null : place.inFlight.get(0).task;
            WorkerSnapshot expected = new WorkerSnapshot(
                    place.id,
                    place.alive() ? place.pid : 0,
                    state(place),
                    place.inFlight.size(),
                    place.completed,
                    place.failed,
                    Math.max(0, place.generation - 1),
                    place.wasReady ? (place.readyNanos - place.launchedNanos) / Swarm.MILLI : 0,
                    running == null ? null : running.spec.name(),
                    running == null ? 0 : running.id());
            ledger.check(workers.get(shown).equals(expected), "shown as " + workers.get(shown), expected);
            shown++;
        }
        ledger.check(workers.size() == shown, "shows workers that are not there", workers.size());
    }

    private static WorkerState state(Place place) {
        return switch (place.phase) {
            case ABSENT -> WorkerState.EXITED;
            case STARTING -> WorkerState.STARTING;
            case READY -> place.inFlight.isEmpty() ? WorkerState.IDLE : WorkerState.BUSY;
            case SPARE -> WorkerState.SPARE;
            case RETIRING, LEAVING, KILLED -> WorkerState.DRAINING;
        };
    }

    private void checkTasks(Conductor conductor) {
        List<Task> all = conductor.tasks(Integer.MAX_VALUE);
        ledger.check(all.size() == ledger.unfinished, "lists " + all.size() + " tasks", ledger.unfinished);
        for (int i = 1; i < all.size(); i++) {
            Task before = all.get(i - 1);
            Task after = all.get(i);
            boolean sorted = before.workerSlot() != 0 == (after.workerSlot() != 0)
                    ? before.id() < after.id()
                    : before.workerSlot() != 0;
            ledger.check(sorted, "the list of tasks is out of order", i);
        }
        int some = all.size() / 2;
        ledger.check(conductor.tasks(some).equals(all.subList(0, some)), "a shorter list differs", some);
        for (Task task : all) {
            ledger.check(ledger.of(task).stage.unfinished(), "lists a finished task", ledger.of(task));
            ledger.check(conductor.task(task.id()) == task, "does not find a task", ledger.of(task));
            ledger.check(
                    conductor.levers().explain(task.id(), ledger.now).size() >= 2, "does not explain", ledger.of(task));
        }
        if (!ledger.tasks.isEmpty()) {
            SimTask last = ledger.tasks.get(ledger.tasks.size() - 1);
            boolean found = last.task != null && conductor.task(last.id()) != null;
            ledger.check(found == last.stage.unfinished(), "finds a finished task, or none", last);
        }
    }

    /** At the very end. */
    void checkEmpty() {
        ledger.check(ledger.unfinished == 0 && ledger.waiting == 0 && ledger.waitingBytes == 0, "tasks are left", null);
        for (Place place : ledger.places) {
            ledger.check(place.phase == Phase.ABSENT, "a process is left", place);
        }
    }
}
