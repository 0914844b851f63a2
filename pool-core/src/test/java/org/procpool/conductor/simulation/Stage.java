package org.procpool.conductor.simulation;

import org.procpool.conductor.TaskState;

/** Where a task stands as far as its watcher can tell. */
enum Stage {
    NEW,
    ACCEPTING,
    QUEUED,
    RUNNING,
    WAITING,
    SETTLING,
    SETTLED,
    REJECTED;

    static final int COUNT = values().length;

    boolean waits() {
        return this == ACCEPTING || this == QUEUED || this == WAITING;
    }

    boolean unfinished() {
        return this != NEW && this != SETTLED && this != REJECTED;
    }

    boolean matches(TaskState state) {
        return switch (this) {
            case NEW -> false;
            case ACCEPTING -> state == TaskState.ACCEPTING;
            case QUEUED -> state == TaskState.QUEUED;
            case RUNNING -> state == TaskState.RUNNING;
            case WAITING -> state == TaskState.WAITING;
            case SETTLING -> state == TaskState.SETTLING;
            case SETTLED, REJECTED -> state == TaskState.SETTLED;
        };
    }
}
