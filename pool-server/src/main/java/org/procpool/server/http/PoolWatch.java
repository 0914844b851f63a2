package org.procpool.server.http;

import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolEvent;
import org.procpool.PoolReport;
import org.procpool.Recent;
import org.procpool.TaskMishap;
import org.procpool.task.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the pool what it is doing, once a second, and four times while somebody watches, however many they are; so
 * neither the rate of tasks nor the number of watchers matters to the pool's loop. Used on the admin loop only.
 */
final class PoolWatch {

    static final int STREAMS_MAX = 32;
    private static final Logger LOG = LoggerFactory.getLogger(PoolWatch.class);
    private static final int QUARTERS_PER_SECOND = 4;
    private static final long QUARTER_MILLIS = 250;
    private static final int SECONDS_KEPT = 600;
    private static final int EVENTS_KEPT = 200;
    private static final int MISHAPS_KEPT = 100;

    private final AdminBackend backend;
    private final EventLoop loop;
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final Recent<Second> seconds = new Recent<>(SECONDS_KEPT);
    private final Recent<PoolEvent> events = new Recent<>(EVENTS_KEPT);
    private final Recent<TaskMishap> mishaps = new Recent<>(MISHAPS_KEPT);
    private final Pace pace = new Pace();
    private final LoopLag lag = new LoopLag();
    /** As of a second ago while somebody watches; nobody looks at the processes' memory for nothing. */
    private Map<Long, Long> rssByPid = Map.of();

    private long lastEvent;
    private long lastMishap;
    /** How many quarters of a second until the next second is kept. */
    private int quartersLeft;

    private boolean asking;
    /** The newest, which every stream begins with; null if there is none yet. */
    private @Nullable PulseJson last;

    private boolean closed;

    PoolWatch(AdminBackend backend, EventLoop loop) {
        this.backend = backend;
        this.loop = loop;
    }

    /** Begins to watch. */
    void start() {
        loop.execute(this::tick);
    }

    LoopLag lag() {
        return lag;
    }

    /** Whether no more may watch. */
    boolean isFull() {
        return streams.size() >= STREAMS_MAX || closed;
    }

    void add(EventStream stream) {
        boolean first = streams.isEmpty();
        streams.add(stream);
        PulseJson pulse = last;
        if (pulse != null) {
            if (first) {
                rssByPid = residentMemory(pulse.report().pool().workers());
                pulse = pulse.withMemory(rssByPid);
                last = pulse;
            }
            stream.send(pulse);
        }
    }

    /** Ends those who watch with a token that has been withdrawn. */
    void recheck(Access access) {
        List.copyOf(streams).stream()
                .filter(stream -> !access.holds(stream.grant()))
                .forEach(EventStream::end);
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    private void tick() {
        if (closed || loop.isShuttingDown()) {
            return;
        }
        boolean wholeSecond = quartersLeft <= 0;
        if (!asking) {
            ask(wholeSecond);
        }
        // An idle service is not woken for nothing.
        int quarters = streams.isEmpty() ? QUARTERS_PER_SECOND : 1;
        quartersLeft = (wholeSecond ? QUARTERS_PER_SECOND : quartersLeft) - quarters;
        loop.schedule(this::tick, quarters * QUARTER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Void> ask(boolean wholeSecond) {
        asking = true;
        lag.asked(System.nanoTime());
        CompletableFuture<Void> told = new CompletableFuture<>();
        try {
            backend.report(lastEvent, lastMishap)
                    .whenComplete((report, failure) -> onLoop(() -> {
                        asking = false;
                        if (failure == null) {
                            tell(report, wholeSecond);
                        }
                        told.complete(null);
                    }));
        } catch (RejectedExecutionException e) {
            LOG.debug("the pool is gone, there is nothing to watch any more");
            closed = true;
            told.complete(null);
        }
        return told;
    }

    private void onLoop(Runnable work) {
        if (!loop.isShuttingDown()) {
            loop.execute(work);
        }
    }

    private void tell(PoolReport report, boolean wholeSecond) {
        lag.answered(report.nowNanos());
        lastEvent = report.events().last();
        lastMishap = report.mishaps().last();
        events.addAll(report.events());
        mishaps.addAll(report.mishaps());
        Instant now = Instant.now();
        Second second = pace.next(report, now.toEpochMilli(), lag.lastNanos());
        if (wholeSecond) {
            seconds.add(second);
        }
        if (wholeSecond && !streams.isEmpty()) {
            rssByPid = residentMemory(report.pool().workers());
        }
        last = new PulseJson(now, report, second, rssByPid, seconds, events, mishaps);
        for (EventStream stream : List.copyOf(streams)) {
            stream.send(last);
        }
    }

    private static Map<Long, Long> residentMemory(List<WorkerSnapshot> workers) {
        Map<Long, Long> rss = new HashMap<>();
        for (WorkerSnapshot worker : workers) {
            rss.put(worker.pid(), ResidentMemory.ofProcess(worker.pid()));
        }
        return rss;
    }

    /**
     * Tells the watchers the last there is to tell, and closes their streams.
     *
     * @return completes when all is written
     */
    CompletableFuture<Void> finish() {
        return (asking || closed ? CompletableFuture.<Void>completedFuture(null) : ask(false)).thenCompose(told -> {
            closed = true;
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            List.copyOf(streams).forEach(stream -> ends.add(stream.end()));
            return CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]));
        });
    }
}
