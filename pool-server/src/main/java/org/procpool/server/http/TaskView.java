package org.procpool.server.http;

/**
 * An unfinished task at one moment.
 *
 * @param state in lower case, for example {@code running}; a task that waits at a worker is {@code queued}
 * @param attempts how often it has started
 * @param workerId slot of the worker that runs it, or that it was handed to, from 1; 0 = none
 * @param ageMillis since it was accepted
 * @param runMillis since its present attempt started; 0 while it does not run
 * @param priority 0 to 9
 */
public record TaskView(
        long id, String task, String state, int attempts, int workerId, long ageMillis, long runMillis, int priority) {}
