package org.procpool.conductor;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The records that the store has been asked to keep and has not confirmed, in the order of their log sequence numbers.
 * Owned by the conductor's thread.
 */
final class StoreGate {

    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long lastLsn;

    /** A record on its way to the store. */
    record Pending(long lsn, StoreRecord record) {}

    /** Gives the record its number. */
    long add(StoreRecord record) {
        lastLsn++;
        pending.add(new Pending(lastLsn, record));
        return lastLsn;
    }

    /** Takes the oldest record if its number is at most {@code upTo}. */
    @Nullable
    StoreRecord pollUpTo(long upTo) {
        Pending first = pending.peekFirst();
        if (first == null || first.lsn() > upTo) {
            return null;
        }
        pending.removeFirst();
        return first.record();
    }

    /** Takes the newest record if its number is at least {@code from}. */
    @Nullable
    StoreRecord pollFrom(long from) {
        Pending last = pending.peekLast();
        if (last == null || last.lsn() < from) {
            return null;
        }
        pending.removeLast();
        return last.record();
    }
}
