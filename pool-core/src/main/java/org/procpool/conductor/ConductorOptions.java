package org.procpool.conductor;

import org.procpool.task.Routing;

/**
 * What the conductor needs to know. Times in nanoseconds, sizes in bytes.
 *
 * @param workers places that serve, 1..1024
 * @param spares places beyond those whose workers wait for one of them to leave; at most 1024 together
 * @param queueTasksMax tasks that may wait, those for their next attempt included, from 1
 * @param queueBytesMax payload bytes that may wait; one task may always wait
 * @param payloadBytesMax largest payload of a task
 * @param prefetchMax most offers that a worker with a flight recorder holds, from 1
 * @param claims offers that a flight recorder has room for; a power of two
 * @param runTimeoutNanos run limit of tasks that have none of their own; 0 = none
 * @param graceNanos from the interrupt of a task to the kill of its worker, and for a worker to leave when told
 * @param patienceNanos from an offer to its being taken back unstarted; 0 = never
 * @param bootTimeoutNanos from launch to Ready
 * @param hangTimeoutNanos how long a worker may be silent without a sign of life; 0 = for ever
 * @param bootAttempts boots that fail in a row, with no worker ready, before queued tasks are given up; if none was
 *     ever ready, the pool too
 * @param restartsMax restarts after deaths within a window, 1..100000
 * @param restartWindowNanos length of that window
 * @param disconnectGraceNanos from a client's vanishing to the cancelling of its tasks
 * @param limits when a worker is replaced though nothing is wrong with it
 * @param elasticity between which numbers of workers it moves by itself
 * @param poison when a kind of task is put into quarantine
 * @param clients how much of the pool one client may take up
 * @param durable whether submissions and outcomes wait for {@link Effects#persist}
 */
public record ConductorOptions(
        int workers,
        int spares,
        Routing routing,
        int queueTasksMax,
        long queueBytesMax,
        int payloadBytesMax,
        int prefetchMax,
        int claims,
        long runTimeoutNanos,
        long graceNanos,
        long patienceNanos,
        long bootTimeoutNanos,
        long hangTimeoutNanos,
        int bootAttempts,
        int restartsMax,
        long restartWindowNanos,
        long disconnectGraceNanos,
        WorkerLimits limits,
        Elasticity elasticity,
        PoisonLimits poison,
        ClientLimits clients,
        boolean durable) {

    public static final int WORKERS_MAX = 1024;
    private static final int RESTARTS_MAX = 100_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public ConductorOptions {
        check("workers", workers, 1, WORKERS_MAX);
        check("spares", spares, 0, WORKERS_MAX - workers);
        check("queue-limit", queueTasksMax, 1, Integer.MAX_VALUE);
        check("queue-bytes", queueBytesMax, 1, Long.MAX_VALUE);
        check("max-payload", payloadBytesMax, 1, Integer.MAX_VALUE);
        check("prefetch", prefetchMax, 1, claims);
        check("run-timeout", runTimeoutNanos, 0, Long.MAX_VALUE);
        check("grace", graceNanos, 0, Long.MAX_VALUE);
        check("patience", patienceNanos, 0, Long.MAX_VALUE);
        check("boot-timeout", bootTimeoutNanos, 1, Long.MAX_VALUE);
        check("boot-attempts", bootAttempts, 1, Integer.MAX_VALUE);
        check("hang-timeout", hangTimeoutNanos, 0, Long.MAX_VALUE);
        check("max-restarts", restartsMax, 1, RESTARTS_MAX);
        check("restart-window", restartWindowNanos, 1, Long.MAX_VALUE);
        elasticity.checkStart(workers, spares);
        check("disconnect-grace", disconnectGraceNanos, 0, Long.MAX_VALUE);
    }

    /** All places of the pool. */
    public int places() {
        return workers + spares;
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", allowed is " + min + (max == Long.MAX_VALUE ? " and up" : ".." + max));
        }
    }
}
