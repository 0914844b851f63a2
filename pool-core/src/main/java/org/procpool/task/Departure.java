package org.procpool.task;

/** Why a worker process left. */
public enum Departure {
    /** It ended by itself: exit, signal, or a closed socket. */
    CRASHED,
    /** Killed because its task ran past the limit and did not heed the interrupt. */
    TIMED_OUT,
    /** Killed because its task was cancelled and did not heed the interrupt. */
    CANCELLED,
    /** It did not answer, and was stopped or used no processor time. */
    HUNG,
    /** Its JVM ran out of heap, or the kernel killed it for want of memory. */
    OUT_OF_MEMORY,
    /** It broke the protocol, so nothing it says can be believed. */
    CORRUPT,
    /** It never became ready. */
    BOOT_FAILED,
    /** Its handler asked to be retired, it came to one of the limits that are set for workers, or it was asked for. */
    RECYCLED,
    /** Fewer workers are wanted. */
    SCALED_DOWN,
    /** A worker of another release has taken its place. */
    RELOADED,
    /** The pool is shutting down. */
    DRAINED;

    /** Whether it was sent away, in its own time, with nothing being wrong with it. */
    public boolean isPlanned() {
        return this == RECYCLED || this == SCALED_DOWN || this == RELOADED || this == DRAINED;
    }
}
