package org.procpool;

import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;

/** What {@link ProcessPool#call} completes with when its task did not succeed. */
public final class TaskFailedException extends RuntimeException {

    private final transient Outcome outcome;

    TaskFailedException(String task, Outcome outcome) {
        super(describe(task, outcome));
        this.outcome = outcome;
    }

    private static String describe(String task, Outcome outcome) {
        TaskError error = outcome.error();
        return "task '" + task + "' ended " + outcome.kind()
                + (error == null ? "" : ": " + error.type() + ": " + error.message());
    }

    public Outcome outcome() {
        return outcome;
    }
}
