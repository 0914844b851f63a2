package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.conductor.Worker.Phase;

/**
 * How many places are to have a process, and which. It is counted from the places themselves each time, so that no
 * place can be lost. Owned by the conductor's thread.
 */
final class Staffing {

    /** More than are ever wanted at once, since those that are given up may take long to leave. */
    private static final int PLACES_MAX = 2 * ConductorOptions.WORKERS_MAX;

    private final WorkerTable table;
    private final int spares;
    private int target;
    private long changes;
    private boolean extra;

    /** @param target how many are to serve */
    Staffing(WorkerTable table, int target, int spares) {
        this.table = table;
        this.target = target;
        this.spares = spares;
    }

    /** How many are to serve. */
    int target() {
        return target;
    }

    void target(int value) {
        target = value;
        changes++;
    }

    /** How often the target has been changed: it may have come back to what it was. */
    long changes() {
        return changes;
    }

    int spares() {
        return spares;
    }

    /** Whether there is to be one more, who can take the place of one that is to leave. */
    void extra(boolean value) {
        extra = value;
    }

    private int wanted() {
        return target + spares + (extra ? 1 : 0);
    }

    private int present() {
        int present = 0;
        for (Worker worker : table.all()) {
            present += worker.wanted ? 1 : 0;
        }
        return present;
    }

    /** A place that is too many, the one that is missed least; null if there is none. */
    @Nullable
    Worker surplus(int serving) {
        if (present() <= wanted() && serving <= target) {
            return null;
        }
        Worker least = null;
        for (Worker worker : table.all()) {
            if (worker.wanted && (least == null || missed(worker, serving) <= missed(least, serving))) {
                least = worker;
            }
        }
        return least;
    }

    /** The smaller, the less; of equals the last goes. */
    private long missed(Worker worker, int serving) {
        return switch (worker.phase) {
            case RETIRING, DRAINING, DYING -> 1;
            case ABSENT -> 2;
            case STARTING -> 3;
            case SPARE -> 4;
            // If more serve than should, one of these has to go, whatever else is there.
            case READY -> (serving > target ? Integer.MIN_VALUE : 5L) + worker.inFlight();
        };
    }

    /** A place that is to be filled, which counts as wanted from now on; null if none is missing, or none is free. */
    @Nullable
    Worker vacancy() {
        if (present() >= wanted()) {
            return null;
        }
        for (Worker worker : table.all()) {
            if (!worker.wanted && worker.phase == Phase.ABSENT) {
                worker.wanted = true;
                worker.repeats = 0;
                return worker;
            }
        }
        return table.count() < PLACES_MAX ? table.add() : null;
    }
}
