package org.procpool.conductor;

import org.procpool.task.Routing;

/**
 * What the conductor needs to know. Times in nanoseconds, sizes in bytes.
 *
 * @param workers places in the pool, 1..1024
 * @param queueTasksMax tasks that may wait, those for their next attempt included, from 1
 * @param queueBytesMax payload bytes that may wait; one task may always wait
 * @param payloadBytesMax largest payload of a task
 * @param runTimeoutNanos run limit of tasks that have none of their own; 0 = none
 * @param graceNanos from the interrupt of a task to the kill of its worker, and for a worker to leave when told
 * @param bootTimeoutNanos from launch to Ready
 * @param bootAttempts boots that fail in a row, with no worker ready, before queued tasks are given up; if none was
 *     ever ready, the pool too
 * @param disconnectGraceNanos from a client's vanishing to the cancelling of its tasks
 * @param durable whether submissions and outcomes wait for {@link Effects#persist}
 */
public record ConductorOptions(
        int workers,
        Routing routing,
        int queueTasksMax,
        long queueBytesMax,
        int payloadBytesMax,
        long runTimeoutNanos,
        long graceNanos,
        long bootTimeoutNanos,
        int bootAttempts,
        long disconnectGraceNanos,
        boolean durable) {

    public static final int WORKERS_MAX = 1024;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public ConductorOptions {
        check("workers", workers, 1, WORKERS_MAX);
        check("queue-limit", queueTasksMax, 1, Integer.MAX_VALUE);
        check("queue-bytes", queueBytesMax, 1, Long.MAX_VALUE);
        check("max-payload", payloadBytesMax, 1, Integer.MAX_VALUE);
        check("run-timeout", runTimeoutNanos, 0, Long.MAX_VALUE);
        check("grace", graceNanos, 0, Long.MAX_VALUE);
        check("boot-timeout", bootTimeoutNanos, 1, Long.MAX_VALUE);
        check("boot-attempts", bootAttempts, 1, Integer.MAX_VALUE);
        check("disconnect-grace", disconnectGraceNanos, 0, Long.MAX_VALUE);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", allowed is " + min + (max == Long.MAX_VALUE ? " and up" : ".." + max));
        }
    }
}
