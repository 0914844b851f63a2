package org.procpool.cli.top;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the service: the last it told, and what is kept of what it told before. Not thread-safe. */
final class Watched {

    /** As many as the service keeps. */
    static final int SECONDS_KEPT = 600;

    private static final int DEATHS_KEPT = 100;
    private static final long RATE_MILLIS = 900;

    private final Deque<Pulse.Second> seconds = new ArrayDeque<>();
    private final Deque<Pulse.Death> deaths = new ArrayDeque<>();
    private final Map<Integer, Pace> paces = new HashMap<>();
    private @Nullable Pulse last;
    /** The next message is the first of a line to the service, and tells all that the service has kept. */
    private boolean anew = true;

    private long heardNanos;
    /** Why nothing more comes; null while it does. */
    private @Nullable String lost;

    /** How fast one place ends tasks. */
    private static final class Pace {
        long atMillis;
        long ended;
        double perSecond;
    }

    /** A line to the service is about to be opened. */
    void connecting() {
        anew = true;
    }

    /** Takes what the service has just told. */
    void take(Pulse pulse, long nowNanos) {
        if (anew) {
            anew = false;
            seconds.clear();
            deaths.clear();
            paces.clear();
        }
        last = pulse;
        lost = null;
        heardNanos = nowNanos;
        pulse.seconds().forEach(second -> keep(seconds, second, SECONDS_KEPT));
        pulse.deaths().forEach(death -> keep(deaths, death, DEATHS_KEPT));
        pulse.workers().forEach(worker -> pace(worker, pulse.uptimeMillis()));
    }

    private static <T> void keep(Deque<T> kept, T one, int max) {
        kept.addLast(one);
        if (kept.size() > max) {
            kept.removeFirst();
        }
    }

    private void pace(Pulse.Worker worker, long atMillis) {
        long ended = worker.completed() + worker.failed();
        Pace pace = paces.computeIfAbsent(worker.slot(), slot -> {
            Pace first = new Pace();
            first.atMillis = atMillis;
            first.ended = ended;
            return first;
        });
        long millis = atMillis - pace.atMillis;
        if (millis >= RATE_MILLIS) {
            pace.perSecond = (ended - pace.ended) * 1_000.0 / millis;
            pace.atMillis = atMillis;
            pace.ended = ended;
        }
    }

    /** Nothing comes any more. */
    void lost(String why) {
        lost = why;
    }

    @Nullable
    Pulse last() {
        return last;
    }

    @Nullable
    String lost() {
        return lost;
    }

    /** How long the service has been silent. */
    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    /** Tasks that the place ends a second. */
    double perSecond(int slot) {
        Pace pace = paces.get(slot);
        return pace == null ? 0 : pace.perSecond;
    }

    /** Whole seconds, the oldest first. */
    List<Pulse.Second> seconds() {
        return List.copyOf(seconds);
    }

    /** The newest first. */
    List<Pulse.Death> deaths() {
        Deque<Pulse.Death> newest = new ArrayDeque<>(deaths.size());
        deaths.forEach(newest::addFirst);
        return List.copyOf(newest);
    }
}
