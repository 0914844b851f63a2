package org.procpool.conductor.simulation;

import java.util.Locale;

/** The last steps of a run, kept as numbers and only put into words when somebody wants to read them. */
final class Trace {

    private static final int LINES = 50;
    private static final int FIELDS = 5;
    private static final Step[] STEPS = Step.values();
    private static final Stage[] STAGES = Stage.values();

    private final long originNanos;
    private final long[] ring = new long[LINES * FIELDS];
    private long steps;
    private long hash = 0x9E3779B97F4A7C15L;

    Trace(long originNanos) {
        this.originNanos = originNanos;
    }

    void add(long nowNanos, Step step, int slot, int generation, long task, int detail) {
        int at = (int) (steps % LINES) * FIELDS;
        ring[at] = nowNanos - originNanos;
        ring[at + 1] = step.ordinal();
        ring[at + 2] = (long) slot << 32 | generation;
        ring[at + 3] = task;
        ring[at + 4] = detail;
        for (int i = 0; i < FIELDS; i++) {
            hash = (hash ^ ring[at + i]) * 0xD6E8FEB86659FD93L;
            hash ^= hash >>> 32;
        }
        steps++;
    }

    /** Two runs with the same hash took the same steps at the same times. */
    long hash() {
        return hash;
    }

    long steps() {
        return steps;
    }

    /** One line of fixed width per step: time, step, worker, task, its stage or another detail. */
    String lastLines() {
        StringBuilder text = new StringBuilder();
        for (long step = Math.max(0, steps - LINES); step < steps; step++) {
            int at = (int) (step % LINES) * FIELDS;
            int slot = (int) (ring[at + 2] >>> 32);
            String detail = ring[at + 4] < 0 ? Long.toString(-ring[at + 4]) : STAGES[(int) ring[at + 4]].name();
            text.append(String.format(
                    Locale.ROOT,
                    "%16.6f s  %-14s %-8s %8s  %s%n",
                    ring[at] / 1e9,
                    STEPS[(int) ring[at + 1]],
                    slot == 0 ? "-" : "w" + slot + "." + (int) ring[at + 2],
                    ring[at + 3] == 0 ? "-" : "#" + ring[at + 3],
                    detail));
        }
        return text.toString();
    }
}
