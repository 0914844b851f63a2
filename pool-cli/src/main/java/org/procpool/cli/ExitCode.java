package org.procpool.cli;

import org.procpool.proto.OutcomeKind;

/** What the process ends with; scripts rely on these numbers. */
final class ExitCode {

    static final int OK = 0;
    /** The handler threw, or the command could not do its work. */
    static final int FAILED = 1;
    /** What was typed makes no sense. */
    static final int USAGE = 2;
    /** TIMED_OUT or EXPIRED. */
    static final int TOO_LATE = 3;

    static final int WORKER_LOST = 4;
    /** CANCELLED or REJECTED. */
    static final int REFUSED = 5;
    /** Nobody answers at the address. */
    static final int UNREACHABLE = 6;
    /** UNKNOWN: the connection was lost before the outcome came. */
    static final int UNKNOWN = 7;
    /** The service knows nothing of the task, or no longer keeps its outcome. Asking again will not help. */
    static final int GONE = 8;
    /** The task has not ended yet. Asking again will help. */
    static final int NOT_ENDED = 9;

    /** For the help of commands that deal with outcomes. */
    static final String HELP =
            "%nExit code: 0 succeeded, 1 the task failed, 2 usage, 3 timed out or expired, 4 its worker"
                    + " was lost, 5 cancelled or rejected, 6 the server cannot be reached, 7 the outcome is unknown because the"
                    + " connection was lost.";

    private ExitCode() {}

    static int of(OutcomeKind outcome) {
        return switch (outcome) {
            case SUCCEEDED -> OK;
            case FAILED -> FAILED;
            case TIMED_OUT, EXPIRED -> TOO_LATE;
            case WORKER_LOST -> WORKER_LOST;
            case CANCELLED, REJECTED -> REFUSED;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
