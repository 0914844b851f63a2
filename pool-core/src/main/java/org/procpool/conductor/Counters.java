package org.procpool.conductor;

import java.util.EnumMap;
import java.util.Map;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.RejectReason;
import org.procpool.task.Totals;

/** What has happened so far. Owned by the conductor's thread. */
public final class Counters {

    private final long[] outcomes = new long[OutcomeKind.values().length];
    private final long[] rejections = new long[RejectReason.values().length];
    private final long[] departures = new long[Departure.values().length];
    private long accepted;
    private long stale;
    private long restarts;

    Counters() {}

    void accepted() {
        accepted++;
    }

    void ended(OutcomeKind kind) {
        outcomes[kind.ordinal()]++;
    }

    void rejected(RejectReason reason) {
        rejections[reason.ordinal()]++;
        outcomes[OutcomeKind.REJECTED.ordinal()]++;
    }

    void departed(Departure why) {
        departures[why.ordinal()]++;
    }

    void stale() {
        stale++;
    }

    void restarted() {
        restarts++;
    }

    /** Messages from a worker of an older generation, or about an offer that has ended; they were dropped. */
    public long staleMessages() {
        return stale;
    }

    /** Processes started beyond the first of each place. */
    public long restarts() {
        return restarts;
    }

    public Map<RejectReason, Long> rejections() {
        Map<RejectReason, Long> map = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : RejectReason.values()) {
            map.put(reason, rejections[reason.ordinal()]);
        }
        return map;
    }

    public Map<Departure, Long> departures() {
        Map<Departure, Long> map = new EnumMap<>(Departure.class);
        for (Departure why : Departure.values()) {
            map.put(why, departures[why.ordinal()]);
        }
        return map;
    }

    public Totals totals() {
        return new Totals(
                accepted,
                of(OutcomeKind.SUCCEEDED),
                of(OutcomeKind.FAILED),
                of(OutcomeKind.TIMED_OUT),
                of(OutcomeKind.EXPIRED),
                of(OutcomeKind.WORKER_LOST),
                of(OutcomeKind.CANCELLED),
                of(OutcomeKind.REJECTED));
    }

    private long of(OutcomeKind kind) {
        return outcomes[kind.ordinal()];
    }
}
