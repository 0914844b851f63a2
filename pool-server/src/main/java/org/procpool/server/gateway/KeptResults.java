package org.procpool.server.gateway;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.TaskError;
import org.procpool.task.Outcome;

/**
 * Outcomes of detached tasks, until somebody asks: bounded by count, bytes and age, the oldest go first. Used on the
 * loop only.
 */
final class KeptResults {

    private final int countMax;
    private final long bytesMax;
    private final long ttlNanos;
    private final LinkedHashMap<Long, Kept> byId = new LinkedHashMap<>();
    private long bytes;

    private record Kept(Outcome outcome, long expiresNanos) {

        long size() {
            long payload = outcome.payload().size();
            TaskError error = outcome.error();
            return error == null ? payload : payload + size(error);
        }

        /** Much of an error is as long as the handler made it, and the report of a worker's end is longer still. */
        private static long size(TaskError error) {
            return (long) error.message().length()
                    + error.stack().length()
                    + error.outputTail().length()
                    + error.autopsy().length();
        }
    }

    KeptResults(int countMax, long bytesMax, long ttlNanos) {
        this.countMax = countMax;
        this.bytesMax = bytesMax;
        this.ttlNanos = ttlNanos;
    }

    /** Keeps the outcome; older ones go if there is no room. */
    void put(Outcome outcome, long nowNanos) {
        Kept kept = new Kept(outcome, nowNanos + ttlNanos);
        outcome.payload().hold();
        byId.put(outcome.taskId(), kept);
        bytes += kept.size();
        var oldest = byId.entrySet().iterator();
        while (byId.size() > countMax || bytes > bytesMax && byId.size() > 1) {
            forget(oldest.next().getValue());
            oldest.remove();
        }
    }

    private void forget(Kept kept) {
        bytes -= kept.size();
        kept.outcome().payload().release();
    }

    @Nullable
    Outcome get(long taskId) {
        Kept kept = byId.get(taskId);
        return kept == null ? null : kept.outcome();
    }

    /** Lets go of those that have been kept long enough. */
    void expire(long nowNanos) {
        var oldest = byId.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Long, Kept> entry = oldest.next();
            if (entry.getValue().expiresNanos() - nowNanos > 0) {
                return;
            }
            forget(entry.getValue());
            oldest.remove();
        }
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    int size() {
        return byId.size();
    }

    long bytes() {
        return bytes;
    }
}
