package org.procpool.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a turn of the loop has written and not flushed yet: each peer is flushed once, at its end; workers before
 * clients, since they can go on meanwhile. What nobody waits for may be left for some turns, since it mostly finds
 * something to travel with. Used on the loop only.
 */
public final class Turn {

    /** What has something to send at the end of the turn. */
    public interface Flushable {

        /** Sends it; may make others have something to send. */
        void flush();
    }

    /** Larger than any payload that is copied. */
    private static final int BATCH_BYTES = 64 * 1024;
    /** So many batches are kept for the next turns. */
    private static final int BATCHES_KEPT = 16;
    /** Enough for a few frames: when thousands of peers get one each in a turn, whole batches would be garbage. */
    private static final int SLIP_BYTES = 1024;

    private static final int SLIPS_KEPT = 1024;
    /** How long something waits for company: too short to be noticed, long enough for thousands of tasks. */
    private static final long SOON_NANOS_MIN = 500_000;
    /** Longer than this nobody is kept waiting: where answers take longer, they are no company. */
    private static final long SOON_NANOS_MAX = 100_000_000;
    /** An answer that took longer counts as this, so that one of hours is forgotten after a few dozen. */
    private static final long ANSWER_NANOS_MAX = 10 * SOON_NANOS_MAX;

    private static final int ANSWER_WEIGHT = 32;

    private final Deque<byte[]> batches = new ArrayDeque<>(BATCHES_KEPT);
    private final Deque<byte[]> slips = new ArrayDeque<>();
    private final Batch workers = new Batch();
    private final Batch clients = new Batch();
    private final Batch soon = new Batch();
    private long soonNanos = Long.MAX_VALUE;
    /** What tasks have taken of late, from their acceptance to their end. */
    private long answerNanos;

    /** Has it flushed at the end of this turn; to be called once until then. */
    public void add(Flushable sender) {
        clients.added.add(sender);
    }

    /**
     * Has it flushed, together with all others of this kind, when what was accepted lately has mostly been answered;
     * within half a millisecond where that is too long to wait. To be called once until then.
     */
    public void addSoon(Flushable sender, long nowNanos) {
        if (soon.added.isEmpty()) {
            soonNanos = nowNanos + soonIn();
        }
        soon.added.add(sender);
    }

    /** A task has taken so long, from its acceptance to its end. */
    public void answered(long nanos) {
        answerNanos += (Math.min(nanos, ANSWER_NANOS_MAX) - answerNanos) / ANSWER_WEIGHT;
    }

    private long soonIn() {
        return answerNanos > SOON_NANOS_MAX
                ? SOON_NANOS_MIN
                : Math.min(Math.max(2 * answerNanos, SOON_NANOS_MIN), SOON_NANOS_MAX);
    }

    /** As {@link #add}, ahead of those that were added so. */
    void addFirst(Flushable sender) {
        workers.added.add(sender);
    }

    /** A large array, until the end of the turn at most. */
    byte[] lendBatch() {
        byte[] batch = batches.pollLast();
        return batch == null ? new byte[BATCH_BYTES] : batch;
    }

    /** A small array to begin to collect in, until the end of the turn at most. */
    byte[] lendSlip() {
        byte[] slip = slips.pollLast();
        return slip == null ? new byte[SLIP_BYTES] : slip;
    }

    /** Exchanges a small array for a large one with the same beginning; answers the same one if it is large. */
    byte[] enlarge(byte[] lent, int filled) {
        if (lent.length == BATCH_BYTES) {
            return lent;
        }
        byte[] batch = lendBatch();
        System.arraycopy(lent, 0, batch, 0, filled);
        giveBack(lent);
        return batch;
    }

    void giveBack(byte[] lent) {
        if (lent.length == BATCH_BYTES) {
            keep(batches, BATCHES_KEPT, lent);
        } else {
            keep(slips, SLIPS_KEPT, lent);
        }
    }

    private static void keep(Deque<byte[]> arrays, int max, byte[] array) {
        if (arrays.size() < max) {
            arrays.addLast(array);
        }
    }

    /**
     * Sends what is due at the end of a turn.
     *
     * @return when a turn has to end again, at the latest; Long.MAX_VALUE if nothing waits
     */
    public long end(long nowNanos) {
        if (nowNanos >= soonNanos) {
            soonNanos = Long.MAX_VALUE;
            soon.flush();
        }
        flush();
        return soonNanos;
    }

    /** Sends everything that was written since the last flush, but for what may wait a little. */
    public void flush() {
        do {
            workers.flush();
            clients.flush();
        } while (!workers.added.isEmpty() || !clients.added.isEmpty());
    }

    private static final class Batch {

        private List<Flushable> added = new ArrayList<>();
        private List<Flushable> flushing = new ArrayList<>();

        void flush() {
            List<Flushable> senders = added;
            added = flushing;
            flushing = senders;
            for (Flushable sender : senders) {
                sender.flush();
            }
            senders.clear();
        }
    }
}
