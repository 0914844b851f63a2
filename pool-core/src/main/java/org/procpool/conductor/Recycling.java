package org.procpool.conductor;

import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;
import org.procpool.task.Departure;
import org.procpool.task.Durations;
import org.procpool.task.Sizes;

/**
 * Who is to be replaced though nothing is wrong with it, and whose turn it is. One permit goes round: as long as one
 * worker is out, no other leaves. Owned by the conductor's thread.
 */
final class Recycling {

    /** How much earlier than its limit a worker's age may end it, at most. */
    private static final double JITTER = 0.2;

    private static final long WEIGH_NANOS = 1_000_000_000L;
    /** A heap seldom gives memory back, so a worker that is over its limit at once would be replaced without end. */
    private static final long WEIGHED_FROM_NANOS = 10_000_000_000L;

    private final WorkerLimits limits;
    private final Effects effects;
    private final Deadlines deadlines;
    private final WorkerTable table;
    private final RandomGenerator random;
    /** Called when somebody is to leave. */
    private final LongConsumer changed;

    private final Alarm scales = new Alarm(false, this::weighDue);
    /** Who has the permit; null while nobody is out. */
    private @Nullable Worker out;

    private long order;

    Recycling(
            WorkerLimits limits,
            Effects effects,
            Deadlines deadlines,
            WorkerTable table,
            RandomGenerator random,
            LongConsumer changed) {
        this.limits = limits;
        this.effects = effects;
        this.deadlines = deadlines;
        this.table = table;
        this.random = random;
        this.changed = changed;
    }

    /** The worker is ready; its time begins. */
    void begin(Worker worker, long nowNanos) {
        if (limits.ageNanos() > 0) {
            Alarm alarm = worker.age;
            if (alarm == null) {
                alarm = new Alarm(false, now -> aged(worker, now));
                worker.age = alarm;
            }
            long early = (long) (limits.ageNanos() * JITTER * random.nextDouble());
            deadlines.setIn(alarm, nowNanos, limits.ageNanos() - early);
        }
        if (limits.residentBytesMax() > 0 && !scales.isSet()) {
            deadlines.setIn(scales, nowNanos, WEIGH_NANOS);
        }
    }

    void end(Worker worker) {
        if (worker.age != null) {
            deadlines.cancel(worker.age);
        }
    }

    private void aged(Worker worker, long nowNanos) {
        mark(
                worker,
                Departure.RECYCLED,
                "it is " + Durations.format(nowNanos - worker.readyNanos()) + " old, max-worker-age is "
                        + Durations.format(limits.ageNanos()));
        changed.accept(nowNanos);
    }

    private void weighDue(long nowNanos) {
        boolean any = false;
        for (Worker worker : table.all()) {
            if (worker.lives()) {
                any = true;
                effects.weigh(worker.id);
            }
        }
        if (any) {
            deadlines.setIn(scales, nowNanos, WEIGH_NANOS);
        }
    }

    /** Its memory was looked at. */
    void weighed(Worker worker, long residentBytes, long nowNanos) {
        if (limits.residentBytesMax() > 0
                && residentBytes > limits.residentBytesMax()
                && worker.lives()
                && nowNanos - worker.readyNanos() >= WEIGHED_FROM_NANOS
                && mark(
                        worker,
                        Departure.RECYCLED,
                        "it has " + Sizes.format(residentBytes) + " of memory, max-worker-rss is "
                                + Sizes.format(limits.residentBytesMax()))) {
            changed.accept(nowNanos);
        }
    }

    /** It has answered a task. */
    void ran(Worker worker, long nowNanos) {
        if (limits.tasksMax() > 0
                && worker.results >= limits.tasksMax()
                && worker.leaving == null
                && mark(
                        worker,
                        Departure.RECYCLED,
                        "it has run " + worker.results + " tasks, max-tasks-per-worker is " + limits.tasksMax())) {
            changed.accept(nowNanos);
        }
    }

    /** Notes that the worker is to be replaced. False if that was known. */
    boolean mark(Worker worker, Departure why, String detail) {
        if (worker.leaving != null) {
            return false;
        }
        worker.leaving = why;
        worker.leavingDetail = detail;
        worker.leavingOrder = ++order;
        return true;
    }

    /** Whose turn it is: first those that do not serve, so that their successors can; null if all may stay. */
    @Nullable
    Worker next() {
        Worker next = null;
        for (Worker worker : table.all()) {
            boolean candidate = worker.leaving != null && (worker.phase == Phase.READY || worker.phase == Phase.SPARE);
            if (candidate && (next == null || before(worker, next))) {
                next = worker;
            }
        }
        return next;
    }

    private static boolean before(Worker one, Worker other) {
        return one.phase == other.phase ? one.leavingOrder < other.leavingOrder : one.phase == Phase.SPARE;
    }

    /** Whether nobody is out. */
    boolean free() {
        return out == null;
    }

    void takes(Worker worker) {
        if (out != null) {
            throw new IllegalStateException("worker " + worker.id + " leaves while " + out.id + " is out");
        }
        out = worker;
    }

    /** Its process is no more. */
    void gone(Worker worker) {
        if (out == worker) {
            out = null;
        }
    }

    /** No process follows any more. */
    void close() {
        deadlines.cancel(scales);
    }
}
