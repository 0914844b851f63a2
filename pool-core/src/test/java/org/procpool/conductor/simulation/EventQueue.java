package org.procpool.conductor.simulation;

import java.util.Arrays;

/** What happens when: a binary heap of plain numbers, ordered by time and then by arrival. */
final class EventQueue {

    private static final int FIELDS = 6;

    private long[] heap = new long[64 * FIELDS];
    private int size;
    private long arrivals;

    // The event taken out last.
    long timeNanos;
    int kind;
    int a;
    int b;
    long c;

    boolean isEmpty() {
        return size == 0;
    }

    /** Long.MAX_VALUE if there is none. */
    long nextNanos() {
        return size == 0 ? Long.MAX_VALUE : heap[0];
    }

    void add(long atNanos, int kind, int a, int b, long c) {
        if ((size + 1) * FIELDS > heap.length) {
            heap = Arrays.copyOf(heap, 2 * heap.length);
        }
        int at = size++;
        long arrival = arrivals++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (heap[parent * FIELDS] <= atNanos) {
                break;
            }
            System.arraycopy(heap, parent * FIELDS, heap, at * FIELDS, FIELDS);
            at = parent;
        }
        int base = at * FIELDS;
        heap[base] = atNanos;
        heap[base + 1] = arrival;
        heap[base + 2] = kind;
        heap[base + 3] = a;
        heap[base + 4] = b;
        heap[base + 5] = c;
    }

    /** Takes the first event out into the fields; there must be one. */
    void take() {
        timeNanos = heap[0];
        kind = (int) heap[2];
        a = (int) heap[3];
        b = (int) heap[4];
        c = heap[5];
        size--;
        if (size > 0) {
            sink(size * FIELDS);
        }
    }

    /** Puts the entry at that index, which is the last one, into the hole at the root. */
    private void sink(int last) {
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && before((child + 1) * FIELDS, child * FIELDS)) {
                child++;
            }
            if (!before(child * FIELDS, last)) {
                break;
            }
            System.arraycopy(heap, child * FIELDS, heap, at * FIELDS, FIELDS);
            at = child;
        }
        System.arraycopy(heap, last, heap, at * FIELDS, FIELDS);
    }

    private boolean before(int left, int right) {
        return heap[left] < heap[right] || heap[left] == heap[right] && heap[left + 1] < heap[right + 1];
    }
}
