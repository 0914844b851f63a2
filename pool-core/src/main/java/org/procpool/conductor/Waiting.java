package org.procpool.conductor;

/**
 * What waits at one moment.
 *
 * @param tasks those for the store or their next attempt included
 * @param bytes their payloads
 * @param oldestNanos how long the task that waits longest, of those that may start, has waited; 0 if none does
 * @param fullClients clients that have as many tasks in flight as they may, so that their other tasks wait
 */
public record Waiting(int tasks, long bytes, long oldestNanos, int fullClients) {}
