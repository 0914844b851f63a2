package org.procpool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Things that come and go, each with the number of its place meanwhile. A place that gets free is the next one taken,
 * so that finding a thing is an access to an array, however many there are. Not thread-safe.
 */
final class Places<T> {

    private static final int CAPACITY_MIN = 64;

    private final List<@Nullable T> things = new ArrayList<>();
    /** Places that are free again; the one that got free last is taken first. */
    private int[] free = new int[CAPACITY_MIN];

    private int freeCount;

    /** Gives it a place, from 0. */
    int add(T thing) {
        if (freeCount > 0) {
            int place = free[--freeCount];
            things.set(place, thing);
            return place;
        }
        things.add(thing);
        return things.size() - 1;
    }

    /** Null if nothing has that place. */
    @Nullable
    T get(long place) {
        return place < 0 || place >= things.size() ? null : things.get((int) place);
    }

    /** Frees the place. Null if nothing had it. */
    @Nullable
    T remove(long place) {
        T thing = get(place);
        if (thing != null) {
            if (freeCount == free.length) {
                free = Arrays.copyOf(free, 2 * freeCount);
            }
            things.set((int) place, null);
            free[freeCount++] = (int) place;
        }
        return thing;
    }

    /** Frees all places, and returns what had one, by place. */
    List<T> removeAll() {
        List<T> all = new ArrayList<>();
        for (T thing : things) {
            if (thing != null) {
                all.add(thing);
            }
        }
        things.clear();
        freeCount = 0;
        return all;
    }
}
