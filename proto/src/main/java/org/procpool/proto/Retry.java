package org.procpool.proto;

/**
 * Whether and when a task runs again after its handler has failed it. Zeros as on the wire: what is not said.
 *
 * @param attempts how many may fail in all, up to 1000; 0 and 1 = the first failure is its outcome
 * @param backoffMillis from the first failure to the next attempt, up to a day; each further one doubles it, give or
 *     take a fifth; 0 = 100 ms
 * @param backoffMaxMillis the most that it grows to, up to a day; 0 = 30 s, or the first if that is longer
 */
public record Retry(int attempts, long backoffMillis, long backoffMaxMillis) {

    /** A failure is an outcome. */
    public static final Retry NEVER = new Retry(0, 0, 0);

    private static final int ATTEMPTS_MAX = 1000;
    private static final long BACKOFF_MILLIS = 100;
    private static final long BACKOFF_MAX_MILLIS = 30_000;
    private static final long DAY_MILLIS = 86_400_000;
    private static final int DOUBLINGS_MAX = 30;

    /** Up to so many failures, with the usual pauses. */
    public static Retry upTo(int attempts) {
        return new Retry(attempts, 0, 0);
    }

    public Retry withBackoffMillis(long value) {
        return new Retry(attempts, value, backoffMaxMillis);
    }

    public Retry withBackoffMaxMillis(long value) {
        return new Retry(attempts, backoffMillis, value);
    }

    /** Whether a task that has failed so often may be tried again. */
    public boolean allows(int failures) {
        return failures < attempts;
    }

    /**
     * The pause before the next attempt, without jitter.
     *
     * @param failures from 1
     */
    public long delayMillis(int failures) {
        long first = backoffMillis == 0 ? BACKOFF_MILLIS : backoffMillis;
        long most = backoffMaxMillis == 0 ? Math.max(first, BACKOFF_MAX_MILLIS) : backoffMaxMillis;
        return Math.min(first << Math.min(failures - 1, DOUBLINGS_MAX), most);
    }

    /**
     * Checks the ranges, which is not done at once since these may be somebody else's numbers.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public void check(String task) {
        if (attempts < 0 || attempts > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("retry-on-failure " + Integer.toUnsignedString(attempts) + " of task '"
                    + task + "' is not in 1.." + ATTEMPTS_MAX);
        }
        checkPause("retry-backoff", backoffMillis, task);
        checkPause("retry-backoff-max", backoffMaxMillis, task);
        if (backoffMaxMillis != 0 && backoffMaxMillis < backoffMillis) {
            throw new IllegalArgumentException("retry-backoff-max of task '" + task + "' is below its retry-backoff");
        }
    }

    private static void checkPause(String name, long millis, String task) {
        if (millis < 0 || millis > DAY_MILLIS) {
            throw new IllegalArgumentException(name + " of task '" + task + "' is not in 1ms..24h");
        }
    }
}
