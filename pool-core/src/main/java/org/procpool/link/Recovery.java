package org.procpool.link;

/**
 * What was found in the flight recorder of a dead worker.
 *
 * @param results that had not come through the socket
 * @param wrapped those of them that lay across the end of the ring
 * @param last what it was at; null if that is not known
 */
public record Recovery(
        int results,
        int wrapped,
        @org.jspecify.annotations.Nullable Observation last) {

    /** For a worker without a flight recorder, or one whose recorder cannot be believed. */
    public static final Recovery NONE = new Recovery(0, 0, null);
}
