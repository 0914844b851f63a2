package org.procpool.spool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The slabs that no task has, bounded in bytes and in time. Safe for use by any thread. */
final class Stock {

    /** Larger payloads have a file of their own: a few of them would be all that may wait. */
    static final int PAYLOAD_BYTES_MAX = 16 << 20;

    /** Capacities of slabs are the powers of two and this many steps between each of them and the next. */
    private static final int STEPS = 4;

    private static final int CAPACITY_MIN = 64 * 1024;

    private final long bytesMax;
    /** The one that came last is taken first: its memory is in the caches still. Guarded by this. */
    private final Deque<Slab> slabs = new ArrayDeque<>();
    /** Of those. Guarded by this. */
    private long bytes;

    /** @param bytesMax sum of the capacities */
    Stock(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Of the slab for a payload of that size, up to {@link #PAYLOAD_BYTES_MAX}: at most a quarter more. */
    static int capacity(int size) {
        int whole = Math.max(size, CAPACITY_MIN);
        int step = Integer.highestOneBit(whole) / STEPS;
        return (whole + step - 1) / step * step;
    }

    /** One of that capacity, which is the caller's now; null if there is none. */
    synchronized @Nullable Slab take(int capacity) {
        for (Iterator<Slab> all = slabs.iterator(); all.hasNext(); ) {
            Slab slab = all.next();
            if (slab.capacity() == capacity) {
                all.remove();
                bytes -= capacity;
                return slab;
            }
        }
        return null;
    }

    /** Takes the slab back; false if there is no room for it. */
    synchronized boolean put(Slab slab, long nowNanos) {
        if (bytes + slab.capacity() > bytesMax) {
            return false;
        }
        slab.idleSinceNanos = nowNanos;
        slabs.addFirst(slab);
        bytes += slab.capacity();
        return true;
    }

    /** Takes out those that have not been used since then. */
    synchronized List<Slab> removeIdleSince(long nanos) {
        List<Slab> removed = new ArrayList<>();
        while (!slabs.isEmpty() && slabs.getLast().idleSinceNanos - nanos <= 0) {
            Slab slab = slabs.removeLast();
            bytes -= slab.capacity();
            removed.add(slab);
        }
        return removed;
    }

    synchronized boolean isEmpty() {
        return slabs.isEmpty();
    }
}
