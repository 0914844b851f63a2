package org.procpool.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What a turn of the loop has written and not flushed yet: each peer is flushed once, at its end; workers before
 * clients, since they can go on meanwhile. Used on the loop only.
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

    private final Deque<byte[]> batches = new ArrayDeque<>(BATCHES_KEPT);
    private final Batch workers = new Batch();
    private final Batch clients = new Batch();

    /** Has it flushed at the end of this turn; to be called once until then. */
    public void add(Flushable sender) {
        clients.added.add(sender);
    }

    /** The same, ahead of those that were merely added. */
    void addFirst(Flushable sender) {
        workers.added.add(sender);
    }

    /** An array to collect in until the end of the turn. */
    byte[] lendBatch() {
        byte[] batch = batches.pollLast();
        return batch == null ? new byte[BATCH_BYTES] : batch;
    }

    void giveBack(byte[] batch) {
        if (batches.size() < BATCHES_KEPT) {
            batches.addLast(batch);
        }
    }

    /** Sends everything that was written since the last flush. */
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
