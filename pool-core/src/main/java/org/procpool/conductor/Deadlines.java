package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/**
 * A hierarchical timing wheel: eight levels of 64 buckets, the finest 1 ms wide. Setting and cancelling are O(1) and
 * allocate nothing; a timer never fires early and at most 1 ms late by the wheel's own doing. Owned by the conductor's
 * thread.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/37499.37504">Varghese and Lauck, Hashed and hierarchical timing wheels,
 *     SOSP 1987</a>
 */
final class Deadlines {

    /** Some 73 years. A delay beyond it is as good as none, and would overflow. */
    static final long NEVER_NANOS = Long.MAX_VALUE / 4;

    private static final long TICK_NANOS = 1_000_000;
    private static final int LEVELS = 8;
    private static final int LEVEL_BITS = 6;
    private static final int BUCKETS = 1 << LEVEL_BITS;
    private static final int DUE = LEVELS * BUCKETS;
    /** Farther deadlines than this, some 8,900 years, are brought nearer. */
    private static final long HORIZON_TICKS = (1L << LEVELS * LEVEL_BITS) - 1;

    private final long originNanos;
    private final @Nullable Timer[] heads = new Timer[DUE + 1];
    private final long[] occupied = new long[LEVELS];
    /** All buckets up to this tick have been emptied. */
    private long tick;

    Deadlines(long originNanos) {
        this.originNanos = originNanos;
    }

    /** Sets or moves the timer's deadline; one in the past is due at the next {@link #poll}. */
    void set(Timer timer, long dueNanos) {
        cancel(timer);
        timer.dueNanos = dueNanos;
        insert(timer);
    }

    /** Sets or moves the timer's deadline to so long from now; more than {@link #NEVER_NANOS} counts as that. */
    void setIn(Timer timer, long nowNanos, long delayNanos) {
        set(timer, nowNanos + Math.min(delayNanos, NEVER_NANOS));
    }

    /** Clears the timer's deadline, if it has one. */
    void cancel(Timer timer) {
        if (!timer.isSet()) {
            return;
        }
        Timer previous = timer.previousTimer;
        Timer next = timer.nextTimer;
        if (previous == null) {
            heads[timer.bucket] = next;
            if (next == null && timer.bucket != DUE) {
                occupied[timer.bucket >> LEVEL_BITS] &= ~(1L << (timer.bucket & BUCKETS - 1));
            }
        } else {
            previous.nextTimer = next;
        }
        if (next != null) {
            next.previousTimer = previous;
        }
        timer.previousTimer = null;
        timer.nextTimer = null;
        timer.bucket = Timer.UNSET;
    }

    /** Takes out one timer whose deadline has passed; null when there is none. */
    @Nullable
    Timer poll(long nowNanos) {
        long nowTick = Math.floorDiv(nowNanos - originNanos, TICK_NANOS);
        while (heads[DUE] == null) {
            int level = nearestLevel();
            if (level == LEVELS || nearestTick(level) > nowTick) {
                tick = Math.max(tick, nowTick);
                return null;
            }
            open(level);
        }
        Timer timer = heads[DUE];
        cancel(timer);
        return timer;
    }

    /** When {@link #poll} should be called next: never after the earliest deadline's tick. Long.MAX_VALUE if none is set. */
    long nextNanos() {
        if (heads[DUE] != null) {
            return originNanos + tick * TICK_NANOS;
        }
        int level = nearestLevel();
        return level == LEVELS ? Long.MAX_VALUE : originNanos + nearestTick(level) * TICK_NANOS;
    }

    private void insert(Timer timer) {
        long dueTick = Math.min(
                -Math.floorDiv(originNanos - timer.dueNanos, TICK_NANOS),
                tick + HORIZON_TICKS - (tick & HORIZON_TICKS));
        int bucket = DUE;
        if (dueTick > tick) {
            int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(dueTick ^ tick)) / LEVEL_BITS;
            int index = (int) (dueTick >>> level * LEVEL_BITS) & BUCKETS - 1;
            occupied[level] |= 1L << index;
            bucket = level * BUCKETS + index;
        }
        Timer head = heads[bucket];
        timer.bucket = bucket;
        timer.nextTimer = head;
        if (head != null) {
            head.previousTimer = timer;
        }
        heads[bucket] = timer;
    }

    /** The finest level with a timer holds the earliest one: coarser levels differ from {@link #tick} in a higher digit. */
    private int nearestLevel() {
        int level = 0;
        while (level < LEVELS && occupied[level] == 0) {
            level++;
        }
        return level;
    }

    private long nearestTick(int level) {
        int index = Long.numberOfTrailingZeros(occupied[level]);
        int shift = level * LEVEL_BITS;
        long blockStart = tick >>> shift + LEVEL_BITS << shift + LEVEL_BITS;
        return blockStart | (long) index << shift;
    }

    /** Advances to the nearest bucket and deals its timers out to finer levels, or to the due list. */
    private void open(int level) {
        tick = nearestTick(level);
        int index = Long.numberOfTrailingZeros(occupied[level]);
        int bucket = level * BUCKETS + index;
        occupied[level] &= ~(1L << index);
        Timer timer = heads[bucket];
        heads[bucket] = null;
        while (timer != null) {
            Timer next = timer.nextTimer;
            timer.previousTimer = null;
            insert(timer);
            timer = next;
        }
    }
}
