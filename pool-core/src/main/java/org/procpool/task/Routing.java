package org.procpool.task;

/** Which of the workers with room gets the next task. */
public enum Routing {
    /** Strict rotation. */
    ROUND_ROBIN,
    /** The one with the fewest tasks in flight; among equals the one whose last task was given longest ago. */
    LEAST_BUSY;

    /** As written on the command line and in files, for example {@code round-robin}. */
    public String label() {
        return this == ROUND_ROBIN ? "round-robin" : "least-busy";
    }
}
