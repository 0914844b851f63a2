package org.procpool.client;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and has no result, by correlation. An open hash table, dense because correlations are consecutive; no
 * boxing. The writer puts, the reader takes: both hold this object's monitor, for a whole batch at a time.
 */
final class InFlight {

    private Pending[] slots = new Pending[1024];
    private int size;

    int size() {
        return size;
    }

    void put(Pending pending) {
        if (size >= slots.length / 2) {
            grow();
        }
        insert(pending);
        size++;
    }

    private void insert(Pending pending) {
        int mask = slots.length - 1;
        int slot = (int) pending.correlation & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = pending;
    }

    private void grow() {
        Pending[] before = slots;
        slots = new Pending[before.length * 2];
        for (Pending pending : before) {
            if (pending != null) {
                insert(pending);
            }
        }
    }

    @Nullable
    Pending get(long correlation) {
        int slot = find(correlation);
        return slot < 0 ? null : slots[slot];
    }

    @Nullable
    Pending take(long correlation) {
        Pending pending = get(correlation);
        remove(correlation);
        return pending;
    }

    void remove(long correlation) {
        int slot = find(correlation);
        if (slot >= 0) {
            closeGap(slot);
            size--;
        }
    }

    private int find(long correlation) {
        int mask = slots.length - 1;
        int slot = (int) correlation & mask;
        while (slots[slot] != null) {
            if (slots[slot].correlation == correlation) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    /** Moves back what was pushed past the freed slot, so that no search ends there too early. */
    private void closeGap(int freed) {
        int mask = slots.length - 1;
        int gap = freed;
        int slot = gap + 1 & mask;
        while (slots[slot] != null) {
            int home = (int) slots[slot].correlation & mask;
            if ((slot - home & mask) >= (slot - gap & mask)) {
                slots[gap] = slots[slot];
                gap = slot;
            }
            slot = slot + 1 & mask;
        }
        clear(gap);
    }

    @SuppressWarnings("NullAway") // an empty slot is null
    private void clear(int slot) {
        slots[slot] = null;
    }

    /** Takes all out, in the order in which they were sent. */
    Pending[] removeAll() {
        Pending[] all = new Pending[size];
        int count = 0;
        for (Pending pending : slots) {
            if (pending != null) {
                all[count++] = pending;
            }
        }
        slots = new Pending[2];
        size = 0;
        Arrays.sort(all, Comparator.comparingLong(pending -> pending.correlation));
        return all;
    }
}
