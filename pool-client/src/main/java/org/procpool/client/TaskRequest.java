package org.procpool.client;

import java.time.Duration;
import org.procpool.proto.Payload;
import org.procpool.proto.Retry;
import org.procpool.proto.SubmitFrame;

/**
 * What to run, and within which bounds. Immutable; the same request may be submitted any number of times.
 *
 * @param task name of the handler
 * @param priority 0 (least) to 9 (most urgent)
 * @param ttl the task must start within this time after the service has read it, else it is EXPIRED; zero = no limit
 * @param runTimeout longest run of one attempt; zero = the service's default
 * @param maxAttempts how often it may run if its worker dies under it; above 1 it is declared safe to repeat
 * @param key tasks with the same one prefer the same worker, at most 256 characters; empty = any worker
 * @param retry whether and when it runs again after its handler has failed it
 * @param retiresWorker the worker that has run it is replaced afterwards, however the task ended
 * @param deadline of this client, from submit on, against a service that says nothing: past it the result is EXPIRED if
 *     the task was not even sent, else UNKNOWN, and the service is asked to cancel it; zero = none
 */
public record TaskRequest(
        String task,
        Payload payload,
        int priority,
        Duration ttl,
        Duration runTimeout,
        int maxAttempts,
        String key,
        Retry retry,
        boolean retiresWorker,
        Duration deadline) {

    public TaskRequest {
        if (task.isEmpty()) {
            throw new IllegalArgumentException("a task has no name");
        }
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("task '" + task + "': priority " + priority + " is not within 0 to 9");
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("task '" + task + "': max attempts " + maxAttempts + " is below 1");
        }
        if (ttl.isNegative() || runTimeout.isNegative() || deadline.isNegative()) {
            throw new IllegalArgumentException("task '" + task + "': a duration is negative");
        }
        retry.check(task);
    }

    /** Priority 4, one attempt, no limits but the service's. */
    public static TaskRequest of(String task, Payload payload) {
        return new TaskRequest(
                task,
                payload,
                SubmitFrame.PRIORITY_DEFAULT,
                Duration.ZERO,
                Duration.ZERO,
                1,
                "",
                Retry.NEVER,
                false,
                Duration.ZERO);
    }

    public TaskRequest withPriority(int value) {
        return new TaskRequest(task, payload, value, ttl, runTimeout, maxAttempts, key, retry, retiresWorker, deadline);
    }

    public TaskRequest withTtl(Duration value) {
        return new TaskRequest(
                task, payload, priority, value, runTimeout, maxAttempts, key, retry, retiresWorker, deadline);
    }

    public TaskRequest withRunTimeout(Duration value) {
        return new TaskRequest(task, payload, priority, ttl, value, maxAttempts, key, retry, retiresWorker, deadline);
    }

    public TaskRequest withMaxAttempts(int value) {
        return new TaskRequest(task, payload, priority, ttl, runTimeout, value, key, retry, retiresWorker, deadline);
    }

    public TaskRequest withKey(String value) {
        return new TaskRequest(
                task, payload, priority, ttl, runTimeout, maxAttempts, value, retry, retiresWorker, deadline);
    }

    public TaskRequest withRetry(Retry value) {
        return new TaskRequest(
                task, payload, priority, ttl, runTimeout, maxAttempts, key, value, retiresWorker, deadline);
    }

    public TaskRequest withRetiresWorker(boolean value) {
        return new TaskRequest(task, payload, priority, ttl, runTimeout, maxAttempts, key, retry, value, deadline);
    }

    public TaskRequest withDeadline(Duration value) {
        return new TaskRequest(task, payload, priority, ttl, runTimeout, maxAttempts, key, retry, retiresWorker, value);
    }

    SubmitFrame frame(long correlation, boolean detach) {
        return new SubmitFrame(
                correlation,
                task,
                priority,
                millis(ttl),
                millis(runTimeout),
                maxAttempts,
                detach,
                key,
                retry,
                retiresWorker,
                payload);
    }

    /** Rounds up, since 0 on the wire means no limit. */
    private static long millis(Duration duration) {
        return duration.isZero() ? 0 : duration.plusNanos(999_999).toMillis();
    }
}
