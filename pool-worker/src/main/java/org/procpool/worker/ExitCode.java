package org.procpool.worker;

/** With what a worker process ends when it is the worker itself that decides. */
final class ExitCode {

    /** Drained: everything that was sent to it is answered. */
    static final int DRAINED = 0;

    /**
     * Never became ready, or ran out of memory later. Java's own {@code -XX:+ExitOnOutOfMemoryError} ends a process
     * with 3, so the supervisor sees one code for memory whoever noticed it first.
     */
    static final int BOOT_FAILED = 3;

    static final int OUT_OF_MEMORY = 3;

    /** A socket to the supervisor is at its end. */
    static final int SUPERVISOR_GONE = 4;

    /** Somebody called {@code System.exit} and a shutdown hook did not come to an end. */
    static final int HOOKS_STUCK = 5;

    /** A frame that cannot be, or a broken virtual machine: this process cannot be relied upon any more. */
    static final int BROKEN = 6;

    private ExitCode() {}
}
