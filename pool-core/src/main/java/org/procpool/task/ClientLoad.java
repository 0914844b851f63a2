package org.procpool.task;

/**
 * What one client may take up of the pool, and whether any does.
 *
 * @param queuedTasksMax tasks of one client that may wait; 0 = no limit
 * @param inFlightTasksMax tasks of one client that may be with workers; 0 = no limit
 * @param full clients that have as many with workers as they may, so that their other tasks wait
 */
public record ClientLoad(int queuedTasksMax, int inFlightTasksMax, int full) {}
