package org.procpool.link;

/**
 * How far a worker is.
 *
 * @param passed highest dispatch that it has decided upon; 0 if none
 * @param running the same if it has started it, else 0
 * @param startNanos when that was, as the worker says
 */
public record Observation(long passed, long running, long startNanos) {}
