package org.procpool.conductor;

import org.procpool.task.Durations;

/**
 * When a worker is replaced though nothing is wrong with it. What has come to a limit goes on serving until a successor
 * is ready and no other worker is out; then it finishes the task that it runs, and leaves. In each, 0 means no limit.
 *
 * @param tasksMax tasks that a worker runs
 * @param ageNanos since it was ready; each leaves up to a fifth earlier, so that not all come to it at once
 * @param residentBytesMax its memory as the system counts it, looked at once a second
 */
public record WorkerLimits(long tasksMax, long ageNanos, long residentBytesMax) {

    public static final WorkerLimits NONE = new WorkerLimits(0, 0, 0);

    private static final long AGE_NANOS_MIN = 1_000_000_000L;
    private static final long RESIDENT_BYTES_MIN = 16L << 20;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public WorkerLimits {
        if (tasksMax < 0) {
            throw new IllegalArgumentException(
                    "max-tasks-per-worker is " + tasksMax + ", it must be at least 1, or 0 for no limit");
        }
        if (ageNanos < 0 || ageNanos > 0 && ageNanos < AGE_NANOS_MIN) {
            throw new IllegalArgumentException(
                    "max-worker-age is " + Durations.format(ageNanos) + ", it must be at least 1s, or 0s for no limit");
        }
        if (residentBytesMax < 0 || residentBytesMax > 0 && residentBytesMax < RESIDENT_BYTES_MIN) {
            throw new IllegalArgumentException("max-worker-rss is " + residentBytesMax
                    + " bytes, it must be at least 16m, which is less than any JVM needs, or 0 for no limit");
        }
    }

    public WorkerLimits withTasksMax(long value) {
        return new WorkerLimits(value, ageNanos, residentBytesMax);
    }

    public WorkerLimits withAgeNanos(long value) {
        return new WorkerLimits(tasksMax, value, residentBytesMax);
    }

    public WorkerLimits withResidentBytesMax(long value) {
        return new WorkerLimits(tasksMax, ageNanos, value);
    }
}
