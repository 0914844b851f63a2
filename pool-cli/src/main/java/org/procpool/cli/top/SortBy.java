package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What workers are sorted by; numbers begin with the highest, but for the worker's own. */
enum SortBy {
    WORKER,
    STATE,
    RATE,
    DONE,
    HELD,
    FAILED,
    RESTARTS,
    MEMORY,
    RUNNING;

    SortBy next() {
        return values()[(ordinal() + 1) % values().length];
    }

    SortBy previous() {
        return values()[(ordinal() + values().length - 1) % values().length];
    }

    List<Pulse.Worker> sort(List<Pulse.Worker> workers, Watched watched, boolean reversed) {
        Comparator<Pulse.Worker> order = comparator(watched);
        List<Pulse.Worker> sorted = new ArrayList<>(workers);
        sorted.sort((reversed ? order.reversed() : order).thenComparingInt(Pulse.Worker::slot));
        return sorted;
    }

    private Comparator<Pulse.Worker> comparator(Watched watched) {
        return switch (this) {
            case WORKER -> Comparator.comparingInt(Pulse.Worker::slot);
            case STATE -> Comparator.comparing(Pulse.Worker::state);
            case RATE ->
                Comparator.<Pulse.Worker>comparingDouble(worker -> watched.perSecond(worker.slot()))
                        .reversed();
            case DONE -> Comparator.comparingLong(Pulse.Worker::completed).reversed();
            case HELD -> Comparator.comparingInt(Pulse.Worker::inFlight).reversed();
            case FAILED -> Comparator.comparingLong(Pulse.Worker::failed).reversed();
            case RESTARTS -> Comparator.comparingLong(Pulse.Worker::restarts).reversed();
            case MEMORY -> Comparator.comparingLong(Pulse.Worker::rssBytes).reversed();
            case RUNNING -> Comparator.comparingLong(Pulse.Worker::runMillis).reversed();
        };
    }
}
