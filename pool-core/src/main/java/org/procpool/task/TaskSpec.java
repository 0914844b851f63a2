package org.procpool.task;

import org.procpool.proto.Payload;
import org.procpool.proto.Retry;
import org.procpool.proto.SubmitFrame;

/**
 * What a caller asks for.
 *
 * @param name of the handler
 * @param priority 0 (least) to 9 (most urgent)
 * @param ttlNanos the task must start within this time after acceptance, else it is EXPIRED; 0 = no limit
 * @param runTimeoutNanos longest run of one attempt; 0 = the pool's default
 * @param maxAttempts how often it may run if its worker dies under it, from 1; above 1 the caller declares it safe to
 *     repeat
 * @param key tasks with the same one prefer the same worker, at most 256 characters; empty = any worker
 * @param retry whether and when it runs again after its handler has failed it
 * @param retiresWorker the worker that has run it is replaced afterwards, however the task ended
 * @param detached it outlives the client that submitted it
 */
public record TaskSpec(
        String name,
        Payload payload,
        int priority,
        long ttlNanos,
        long runTimeoutNanos,
        int maxAttempts,
        String key,
        Retry retry,
        boolean retiresWorker,
        boolean detached) {

    public static final int PRIORITIES = 10;
    public static final int ATTEMPTS_MAX = 1000;
    private static final int KEY_CHARS_MAX = 256;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public TaskSpec {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a task needs a name");
        }
        if (priority < 0 || priority >= PRIORITIES) {
            throw new IllegalArgumentException("priority " + priority + " of task '" + name + "' is not in 0..9");
        }
        if (maxAttempts < 1 || maxAttempts > ATTEMPTS_MAX) {
            throw new IllegalArgumentException(
                    "max-attempts " + maxAttempts + " of task '" + name + "' is not in 1.." + ATTEMPTS_MAX);
        }
        if (ttlNanos < 0 || runTimeoutNanos < 0) {
            throw new IllegalArgumentException("ttl and run-timeout of task '" + name + "' must not be negative");
        }
        if (key.length() > KEY_CHARS_MAX) {
            throw new IllegalArgumentException("the key of task '" + name + "' has " + key.length()
                    + " characters, the limit is " + KEY_CHARS_MAX);
        }
        retry.check(name);
    }

    /** A task with no limits of its own. */
    public static TaskSpec of(String name, Payload payload) {
        return new TaskSpec(name, payload, SubmitFrame.PRIORITY_DEFAULT, 0, 0, 1, "", Retry.NEVER, false, false);
    }

    public TaskSpec withPayload(Payload value) {
        return new TaskSpec(
                name, value, priority, ttlNanos, runTimeoutNanos, maxAttempts, key, retry, retiresWorker, detached);
    }

    public TaskSpec withPriority(int value) {
        return new TaskSpec(
                name, payload, value, ttlNanos, runTimeoutNanos, maxAttempts, key, retry, retiresWorker, detached);
    }

    public TaskSpec withTtlNanos(long value) {
        return new TaskSpec(
                name, payload, priority, value, runTimeoutNanos, maxAttempts, key, retry, retiresWorker, detached);
    }

    public TaskSpec withRunTimeoutNanos(long value) {
        return new TaskSpec(name, payload, priority, ttlNanos, value, maxAttempts, key, retry, retiresWorker, detached);
    }

    public TaskSpec withMaxAttempts(int value) {
        return new TaskSpec(
                name, payload, priority, ttlNanos, runTimeoutNanos, value, key, retry, retiresWorker, detached);
    }

    public TaskSpec withKey(String value) {
        return new TaskSpec(
                name, payload, priority, ttlNanos, runTimeoutNanos, maxAttempts, value, retry, retiresWorker, detached);
    }

    public TaskSpec withRetry(Retry value) {
        return new TaskSpec(
                name, payload, priority, ttlNanos, runTimeoutNanos, maxAttempts, key, value, retiresWorker, detached);
    }

    public TaskSpec withRetiresWorker(boolean value) {
        return new TaskSpec(
                name, payload, priority, ttlNanos, runTimeoutNanos, maxAttempts, key, retry, value, detached);
    }
}
