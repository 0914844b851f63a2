package org.procpool.server.http;

import java.util.ArrayDeque;
import org.procpool.PoolReport;
import org.procpool.task.DurationCounts;
import org.procpool.task.TaskCounts;
import org.procpool.task.Totals;
import org.procpool.task.WorkerState;

/** Makes rates of counts: compares each report with one of about a second before. Not thread-safe. */
final class Pace {

    private static final long WINDOW_NANOS = 1_000_000_000L;
    /** A report that comes a little early still closes the window. */
    private static final long EARLY_NANOS = 50_000_000L;

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, Totals totals, DurationCounts queued, DurationCounts run) {

        static Sample of(PoolReport report) {
            DurationCounts queued = DurationCounts.none();
            DurationCounts run = DurationCounts.none();
            for (TaskCounts task : report.tasks()) {
                queued = queued.plus(task.queued());
                run = run.plus(task.run());
            }
            return new Sample(report.nowNanos(), report.pool().totals(), queued, run);
        }
    }

    /** What has happened since about a second ago; since the first report until there is one so old. */
    Second next(PoolReport report, long atMillis, long lagNanos) {
        Sample now = Sample.of(report);
        if (samples.isEmpty()) {
            samples.add(now);
        }
        while (samples.size() > 1 && now.nanos - second().nanos >= WINDOW_NANOS - EARLY_NANOS) {
            samples.removeFirst();
        }
        Sample then = samples.getFirst();
        samples.addLast(now);
        double seconds = Math.max(now.nanos - then.nanos, WINDOW_NANOS / 4) / 1e9;
        long succeeded = now.totals.succeeded() - then.totals.succeeded();
        long ended = now.totals.ended() - then.totals.ended();
        long rejected = now.totals.rejected() - then.totals.rejected();
        int busy = (int) report.pool().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .count();
        return new Second(
                atMillis,
                succeeded / seconds,
                (ended - succeeded) / seconds,
                rejected / seconds,
                report.pool().queuedTasks(),
                busy,
                now.queued.since(then.queued),
                now.run.since(then.run),
                lagNanos);
    }

    private Sample second() {
        var all = samples.iterator();
        all.next();
        return all.next();
    }
}
