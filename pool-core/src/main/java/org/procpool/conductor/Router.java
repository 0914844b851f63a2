package org.procpool.conductor;

import org.jspecify.annotations.Nullable;
import org.procpool.task.Routing;

/** Picks the worker for the next task among those with room. Owned by the conductor's thread. */
final class Router {

    private final Routing routing;
    private final WorkerTable workers;
    /** ROUND_ROBIN: where the search for the next worker begins. */
    private int nextSlot = 1;

    Router(Routing routing, WorkerTable workers) {
        this.routing = routing;
        this.workers = workers;
    }

    /** The worker whose turn it is; null if none has room. */
    @Nullable
    Worker pick() {
        return switch (routing) {
            case ROUND_ROBIN -> inRotation();
            case LEAST_BUSY -> leastBusy();
        };
    }

    /** That worker has got a task. */
    void given(Worker worker) {
        nextSlot = worker.slot() % workers.count() + 1;
    }

    private @Nullable Worker inRotation() {
        Worker worker = workers.nextWithRoom(nextSlot);
        return worker == null ? workers.nextWithRoom(1) : worker;
    }

    private @Nullable Worker leastBusy() {
        Worker best = workers.nextWithRoom(1);
        if (best == null) {
            return null;
        }
        Worker other = workers.nextWithRoom(best.slot() + 1);
        while (other != null) {
            int difference = Integer.compare(other.inFlight(), best.inFlight());
            if (difference < 0 || difference == 0 && other.lastOffer < best.lastOffer) {
                best = other;
            }
            other = workers.nextWithRoom(other.slot() + 1);
        }
        return best;
    }
}
