package org.procpool.conductor;

import org.procpool.conductor.Task.Stop;
import org.procpool.task.Autopsy;

/** How often a task may be tried, by what ended the attempt. Owned by the conductor's thread. */
final class Attempts {

    /** A task that filled a heap fills the next one too, as a rule; once is worth a try. */
    private static final int OUT_OF_MEMORY_MAX = 2;

    private Attempts() {}

    /** Whether the worker died by itself while it ran the task, so that the task may be what it died of. */
    static boolean mayBeGuilty(Task task, Autopsy autopsy) {
        return task.stop == Stop.NONE
                && switch (autopsy.why()) {
                    case CRASHED, OUT_OF_MEMORY, HUNG, CORRUPT -> true;
                    case TIMED_OUT, CANCELLED, BOOT_FAILED, RECYCLED, SCALED_DOWN, RELOADED, DRAINED -> false;
                };
    }

    /**
     * Notes what has ended an attempt.
     *
     * @return whether the task's budgets allow another one
     */
    static boolean allowAnother(Task task, Autopsy autopsy) {
        if (task.stop != Stop.NONE || task.spec().maxAttempts() == 1) {
            // Nobody said that it is safe to repeat, or somebody wanted its end.
            return false;
        }
        return switch (autopsy.why()) {
            case OUT_OF_MEMORY -> ++task.outOfMemory < OUT_OF_MEMORY_MAX && withinBudget(task);
            case CRASHED, HUNG, CORRUPT, BOOT_FAILED -> withinBudget(task);
            case TIMED_OUT, CANCELLED, RECYCLED, SCALED_DOWN, RELOADED, DRAINED -> {
                // Its worker was ended for another's sake.
                task.excused++;
                yield true;
            }
        };
    }

    private static boolean withinBudget(Task task) {
        return task.attempts - task.excused - task.failures < task.spec().maxAttempts();
    }
}
