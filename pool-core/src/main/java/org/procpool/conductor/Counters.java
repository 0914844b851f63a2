package org.procpool.conductor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.RejectReason;
import org.procpool.task.TaskCounts;
import org.procpool.task.Totals;

/** What has happened so far. Owned by the conductor's thread. */
public final class Counters {

    /** Handlers may come and go with releases, but what is kept of them has a bound. */
    private static final int TASK_NAMES_MAX = 1_000;

    private final long[] outcomes = new long[OutcomeKind.values().length];
    private final long[] rejections = new long[RejectReason.values().length];
    private final long[] departures = new long[Departure.values().length];
    private final TaskCounters others = new TaskCounters(TaskCounts.OTHER);
    /** Of the names that a worker has ever known; what clients write never makes one. */
    private final Map<String, TaskCounters> byName = new LinkedHashMap<>();

    // Most tasks have the name of the one before, as the very same object, which a comparison sees at once.
    private String lastName = TaskCounts.OTHER;
    private TaskCounters last = others;

    private long lossesRepeated;
    private long failuresRepeated;
    private long keyedAtHome;
    private long keyedElsewhere;
    private long accepted;
    private long stale;
    private long restarts;

    Counters() {}

    void accepted() {
        accepted++;
    }

    /** Workers know those names. */
    void known(List<String> taskNames) {
        for (String name : taskNames) {
            if (byName.size() < TASK_NAMES_MAX) {
                byName.computeIfAbsent(name, TaskCounters::new);
            }
        }
        lastName = TaskCounts.OTHER;
        last = others;
    }

    /** Those of the tasks of that name. */
    TaskCounters of(String taskName) {
        if (!taskName.equals(lastName)) {
            lastName = taskName;
            last = byName.getOrDefault(taskName, others);
        }
        return last;
    }

    void ended(Task task, Outcome outcome) {
        outcomes[outcome.kind().ordinal()]++;
        of(task.spec().name()).ended(outcome);
    }

    /** A task that was lost or failed is to be tried again. */
    void repeated(OutcomeKind last) {
        if (last == OutcomeKind.FAILED) {
            failuresRepeated++;
        } else {
            lossesRepeated++;
        }
    }

    /** A task with a key was offered to the worker that it prefers, or to another. */
    void keyed(boolean atHome) {
        if (atHome) {
            keyedAtHome++;
        } else {
            keyedElsewhere++;
        }
    }

    void rejected(RejectReason reason) {
        rejections[reason.ordinal()]++;
        outcomes[OutcomeKind.REJECTED.ordinal()]++;
    }

    void departed(Departure why) {
        departures[why.ordinal()]++;
    }

    void stale() {
        stale++;
    }

    void restarted() {
        restarts++;
    }

    /** Messages from a worker of an older generation, or about an offer that has ended; they were dropped. */
    public long staleMessages() {
        return stale;
    }

    /** Tasks that waited for another attempt because their worker was lost; each counts as often as that was. */
    public long lossesRepeated() {
        return lossesRepeated;
    }

    /** The same because their handler failed. */
    public long failuresRepeated() {
        return failuresRepeated;
    }

    /** Times that a task with a key was handed to the worker that those with its key prefer. */
    public long keyedAtHome() {
        return keyedAtHome;
    }

    /** Times that it was handed to another, because that one had no room or did not get to it. */
    public long keyedElsewhere() {
        return keyedElsewhere;
    }

    /** Processes started beyond the first of each place. */
    public long restarts() {
        return restarts;
    }

    public Map<RejectReason, Long> rejections() {
        Map<RejectReason, Long> map = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : RejectReason.values()) {
            map.put(reason, rejections[reason.ordinal()]);
        }
        return map;
    }

    public Map<Departure, Long> departures() {
        Map<Departure, Long> map = new EnumMap<>(Departure.class);
        for (Departure why : Departure.values()) {
            map.put(why, departures[why.ordinal()]);
        }
        return map;
    }

    /** By the name of the tasks; names that no worker has ever known are together the last. */
    public List<TaskCounts> tasks() {
        List<TaskCounts> list = new ArrayList<>();
        byName.values().forEach(counters -> list.add(counters.counts()));
        list.add(others.counts());
        return list;
    }

    public Totals totals() {
        return new Totals(
                accepted,
                of(OutcomeKind.SUCCEEDED),
                of(OutcomeKind.FAILED),
                of(OutcomeKind.TIMED_OUT),
                of(OutcomeKind.EXPIRED),
                of(OutcomeKind.WORKER_LOST),
                of(OutcomeKind.CANCELLED),
                of(OutcomeKind.REJECTED));
    }

    private long of(OutcomeKind kind) {
        return outcomes[kind.ordinal()];
    }
}
