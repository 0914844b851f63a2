package org.procpool.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was asked beside tasks and has no answer yet: Query, Cancel, Ping. Their correlations have the highest bit set,
 * so that they never meet those of tasks. Rare, so a plain map under this object's monitor.
 */
final class Questions {

    /** Correlation of a Cancel whose answer nobody waits for. */
    static final long NOBODY = 1L << 63;

    private static final int LIMIT = 1 << 16;

    private final Map<Long, CompletableFuture<TaskStatus>> statuses = new HashMap<>();
    private final Map<Long, Ping> pings = new HashMap<>();
    private long last = NOBODY;

    private record Ping(long sentNanos, CompletableFuture<Duration> answer) {}

    static boolean isQuestion(long correlation) {
        return correlation < 0;
    }

    /** The correlation under which the answer is awaited. */
    synchronized long ask(CompletableFuture<TaskStatus> answer) {
        checkLimit();
        statuses.put(++last, answer);
        return last;
    }

    /** The nonce under which the answer is awaited. */
    synchronized long ping(long nowNanos, CompletableFuture<Duration> answer) {
        checkLimit();
        pings.put(++last, new Ping(nowNanos, answer));
        return last;
    }

    private void checkLimit() {
        if (statuses.size() + pings.size() >= LIMIT) {
            throw new ClientException(
                    ClientException.QUEUE_FULL, LIMIT + " queries, cancels and pings wait for their answer already");
        }
    }

    /** Who waits for it; null if nobody does. */
    synchronized @Nullable CompletableFuture<TaskStatus> answered(long correlation) {
        return statuses.remove(correlation);
    }

    /** Completes the ping's future, which is nobody's hot path. */
    void ponged(long nonce, long nowNanos) {
        Ping ping;
        synchronized (this) {
            ping = pings.remove(nonce);
        }
        if (ping != null) {
            ping.answer.complete(Duration.ofNanos(nowNanos - ping.sentNanos));
        }
    }

    /** The connection is gone. */
    void fail(ClientException cause) {
        List<CompletableFuture<?>> unanswered = new ArrayList<>();
        synchronized (this) {
            unanswered.addAll(statuses.values());
            pings.values().forEach(ping -> unanswered.add(ping.answer));
            statuses.clear();
            pings.clear();
        }
        unanswered.forEach(future -> future.completeExceptionally(cause));
    }
}
