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

    /** The worker whose turn it is; null if none has room for so many bytes. */
    @Nullable
    Worker pick(int payloadBytes) {
        return switch (routing) {
            case ROUND_ROBIN -> inRotation(payloadBytes);
            case LEAST_BUSY -> leastBusy(payloadBytes);
        };
    }

    /** That worker has got a task. */
    void given(Worker worker) {
        nextSlot = worker.slot() % workers.count() + 1;
    }

    private @Nullable Worker inRotation(int payloadBytes) {
        Worker worker = next(nextSlot, payloadBytes);
        return worker == null ? next(1, payloadBytes) : worker;
    }

    private @Nullable Worker leastBusy(int payloadBytes) {
        Worker first = workers.leastBusy();
        return first == null || first.offers().fits(payloadBytes) ? first : leastBusyThatFits(payloadBytes);
    }

    private @Nullable Worker leastBusyThatFits(int payloadBytes) {
        Worker best = next(1, payloadBytes);
        if (best == null) {
            return null;
        }
        Worker other = next(best.slot() + 1, payloadBytes);
        while (other != null) {
            int difference = Integer.compare(other.inFlight(), best.inFlight());
            if (difference < 0 || difference == 0 && other.lastOffer < best.lastOffer) {
                best = other;
            }
            other = next(other.slot() + 1, payloadBytes);
        }
        return best;
    }

    private @Nullable Worker next(int slot, int payloadBytes) {
        Worker worker = workers.nextWithRoom(slot);
        while (worker != null && !worker.offers().fits(payloadBytes)) {
            worker = workers.nextWithRoom(worker.slot() + 1);
        }
        return worker;
    }
}
