package org.procpool.conductor;

/** What is known of a worker's being alive beside its results. Owned by {@link Liveness}. */
final class Pulse {

    /** A ping is on its way. */
    boolean asked;

    long askedNanos;
    /** A ping was not answered by the time the next was due. */
    boolean silent;

    /** There was a look at its process since it fell silent. */
    boolean looked;
    /** From here on it has used next to no processor time. */
    long quietFromNanos;
    /** Processor time it had used by then. */
    long cpuNanos;

    void heard() {
        asked = false;
        silent = false;
        looked = false;
    }
}
