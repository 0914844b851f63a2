package org.procpool.conductor;

/**
 * Tells a worker that hangs from one that is merely busy. Silence on the control socket alone proves nothing: a long
 * garbage collection is silent, too. Only a process that is stopped, or that used no processor time all the while,
 * hangs. Owned by the conductor's thread.
 */
final class Liveness {

    private static final int PINGS_PER_TIMEOUT = 4;
    /** A JVM that does nothing uses less than this share of a processor, one that works uses more. */
    private static final int QUIET_SHARE = 100;

    private final long hangTimeoutNanos;
    private final Effects effects;
    private final Deadlines deadlines;
    private final WorkerTable workers;
    /**
     * One for all: workers that have nothing to do are asked in one turn and not each in its own, so that a pool at
     * rest is seldom woken. It may begin what costs a process, so it is put off while what came meanwhile has not been
     * read.
     */
    private final Alarm round = new Alarm(true, this::roundDue);

    Liveness(long hangTimeoutNanos, Effects effects, Deadlines deadlines, WorkerTable workers) {
        this.hangTimeoutNanos = hangTimeoutNanos;
        this.effects = effects;
        this.deadlines = deadlines;
        this.workers = workers;
    }

    /** The worker is ready; from the next round on it is asked whether it lives. */
    void begin(Worker worker, long nowNanos) {
        worker.pulse.heard();
        if (hangTimeoutNanos > 0 && !round.isSet()) {
            deadlines.setIn(round, nowNanos, periodNanos());
        }
    }

    private long periodNanos() {
        return Math.max(1, hangTimeoutNanos / PINGS_PER_TIMEOUT);
    }

    private void roundDue(long nowNanos) {
        boolean anyLives = false;
        for (Worker worker : workers.all()) {
            if (worker.lives()) {
                anyLives = true;
                ask(worker, nowNanos);
            }
        }
        if (anyLives) {
            deadlines.setIn(round, nowNanos, periodNanos());
        }
    }

    private void ask(Worker worker, long nowNanos) {
        Pulse pulse = worker.pulse;
        if (pulse.asked) {
            pulse.silent = true;
            effects.examine(worker.id);
        } else {
            pulse.asked = true;
            pulse.askedNanos = nowNanos;
            effects.ping(worker.id);
        }
    }

    /**
     * Somebody has looked at its process.
     *
     * @return whether it hangs
     */
    boolean hangs(Worker worker, boolean stopped, long cpuNanos, long nowNanos) {
        Pulse pulse = worker.pulse;
        if (!pulse.silent || !worker.lives()) {
            return false;
        }
        boolean works = cpuNanos - pulse.cpuNanos >= (nowNanos - pulse.quietFromNanos) / QUIET_SHARE;
        if (!pulse.looked || !stopped && works) {
            pulse.looked = true;
            pulse.cpuNanos = cpuNanos;
            pulse.quietFromNanos = nowNanos;
        }
        boolean quiet = nowNanos - pulse.quietFromNanos >= hangTimeoutNanos;
        return nowNanos - pulse.askedNanos >= hangTimeoutNanos && (stopped || quiet);
    }
}
