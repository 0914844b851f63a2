package org.procpool.recorder;

/** What became of an offer. Moves from OFFERED to one of the others, once, by compare-and-set. */
public enum ClaimState {
    /** Handed to the worker, which has not got there yet. */
    OFFERED,
    /** The worker has begun to run it. */
    STARTED,
    /** Taken back by the supervisor; the worker will skip it. */
    REVOKED
}
