package org.procpool.conductor;

import org.jspecify.annotations.Nullable;

/**
 * The way from one release to the next. The first worker of the new release is tried beside the others; when it is
 * ready, the others are replaced, and when it does not become ready, they stay. Owned by the conductor's thread.
 */
final class Rolling {

    private int current = 1;
    /** The release that is asked for and not proven; 0 if none. */
    private int candidate;
    /** Who tries it; null while nobody does. */
    private @Nullable Worker scout;
    /** Workers of an older release are still being replaced. */
    private boolean replacing;

    /** What the place's next process is launched with. */
    int releaseFor(Worker worker) {
        return worker == scout ? candidate : current;
    }

    /** False if one is under way. */
    boolean request(int release) {
        if (underWay() || release <= current) {
            return false;
        }
        candidate = release;
        return true;
    }

    boolean underWay() {
        return candidate != 0 || replacing;
    }

    /** A release waits for somebody to try it. */
    boolean requested() {
        return candidate != 0 && scout == null;
    }

    boolean tries() {
        return scout != null;
    }

    boolean isScout(Worker worker) {
        return worker == scout;
    }

    /** The release that is asked for, or that the others are being replaced by. */
    int release() {
        return candidate != 0 ? candidate : current;
    }

    void tries(Worker worker) {
        scout = worker;
    }

    /** The scout is ready: from now on its release is everybody's. */
    void proven() {
        current = candidate;
        candidate = 0;
        scout = null;
        replacing = true;
    }

    /** The release is given up. */
    void failed() {
        candidate = 0;
        scout = null;
        replacing = false;
    }

    boolean isOld(Worker worker) {
        return worker.release < current;
    }

    /** Whether the last worker of an older release has just been found to be gone. */
    boolean completed(WorkerTable table) {
        if (!replacing) {
            return false;
        }
        for (Worker worker : table.all()) {
            if (worker.phase != Worker.Phase.ABSENT && isOld(worker)) {
                return false;
            }
        }
        replacing = false;
        return true;
    }
}
