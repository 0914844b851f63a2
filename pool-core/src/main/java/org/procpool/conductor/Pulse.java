package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/** What is known of a worker's being alive beside its results. Owned by {@link Liveness}. */
final class Pulse {

    /** When it is asked, or looked at, next; null until its first process is ready. */
    @Nullable
    Alarm alarm;

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
