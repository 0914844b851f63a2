package org.procpool.task;

import java.util.Map;
import org.procpool.proto.OutcomeKind;

/**
 * What has become of the tasks of one name since the pool started.
 *
 * @param name of the tasks; {@link #OTHER} for those whose name no worker has known
 * @param outcomes of accepted tasks, each kind of outcome with its number
 * @param queued from acceptance to the start of the last attempt, or to the outcome if a task never ran
 * @param run of the last attempt, of those tasks that have run
 */
public record TaskCounts(String name, Map<OutcomeKind, Long> outcomes, DurationCounts queued, DurationCounts run) {

    /** No task can have this name. */
    public static final String OTHER = "(other)";

    public long succeeded() {
        return outcomes.getOrDefault(OutcomeKind.SUCCEEDED, 0L);
    }
}
