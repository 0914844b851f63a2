package org.procpool;

import java.util.ArrayDeque;

/** The last few of what has been added, numbered from 1. Owned by one thread; not thread-safe. */
public final class Recent<T> {

    private final int countMax;
    private final ArrayDeque<T> entries = new ArrayDeque<>();
    private long last;

    public Recent(int countMax) {
        this.countMax = countMax;
    }

    public void add(T entry) {
        if (entries.size() == countMax) {
            entries.removeFirst();
        }
        entries.addLast(entry);
        last++;
    }

    /** Takes what another one has kept, under the same numbers. */
    public void addAll(Excerpt<T> excerpt) {
        if (excerpt.missed() > 0) {
            entries.clear();
            last += excerpt.missed();
        }
        excerpt.entries().forEach(this::add);
    }

    /** What was added after the entry of that number; 0 for all. */
    public Excerpt<T> after(long number) {
        long before = last - entries.size();
        long missed = Math.max(0, before - number);
        return new Excerpt<>(entries.stream().skip(Math.max(0, number - before)).toList(), last, missed);
    }
}
