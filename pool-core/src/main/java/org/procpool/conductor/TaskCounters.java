package org.procpool.conductor;

import java.util.EnumMap;
import java.util.Map;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;
import org.procpool.task.TaskCounts;

/** What has become of the tasks of one name. A task pays some nanoseconds for it. Owned by the conductor's thread. */
final class TaskCounters {

    private final String name;
    private final long[] outcomes = new long[OutcomeKind.values().length];
    private final DurationRecorder queued = new DurationRecorder();
    private final DurationRecorder run = new DurationRecorder();

    TaskCounters(String name) {
        this.name = name;
    }

    void ended(Outcome outcome) {
        outcomes[outcome.kind().ordinal()]++;
        queued.add(outcome.queuedNanos());
        if (outcome.attempts() > 0) {
            run.add(outcome.runNanos());
        }
    }

    /** How many have run and were answered by their workers. */
    long answered() {
        return outcomes[OutcomeKind.SUCCEEDED.ordinal()] + outcomes[OutcomeKind.FAILED.ordinal()];
    }

    TaskCounts counts() {
        Map<OutcomeKind, Long> numbers = new EnumMap<>(OutcomeKind.class);
        for (OutcomeKind kind : OutcomeKind.values()) {
            numbers.put(kind, outcomes[kind.ordinal()]);
        }
        return new TaskCounts(name, numbers, queued.counts(), run.counts());
    }
}
