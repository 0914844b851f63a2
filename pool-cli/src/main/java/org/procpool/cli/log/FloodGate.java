package org.procpool.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets only so many lines of one kind pass in a while, and tells how many it kept back: a client that breaks the
 * protocol a thousand times a second must not fill the disk. Errors always pass. Safe for use by any thread.
 */
final class FloodGate extends TurboFilter {

    static final int LINES_MAX = 100;
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int KINDS_MAX = 1_000;

    /** One kind's lines since the beginning of its window. */
    private static final class Count {
        private final long sinceNanos;
        private int passed;
        private int dropped;

        private Count(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    private final LongSupplier clock;
    /** By the sentence without its values; guarded by this. */
    private final Map<String, Count> counts = new LinkedHashMap<>();

    FloodGate() {
        this(System::nanoTime);
    }

    FloodGate(LongSupplier clock) {
        this.clock = clock;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] values,
            @Nullable Throwable error) {
        if (format == null
                || level.isGreaterOrEqual(Level.ERROR)
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        int keptBack;
        boolean passes;
        synchronized (this) {
            long now = clock.getAsLong();
            Count count = counts.get(format);
            keptBack = 0;
            if (count == null || now - count.sinceNanos >= WINDOW_NANOS) {
                keptBack = count == null ? 0 : count.dropped;
                count = begin(format, now);
            }
            passes = count.passed < LINES_MAX;
            count.passed += passes ? 1 : 0;
            count.dropped += passes ? 0 : 1;
        }
        if (keptBack > 0) {
            logger.warn("{} more lines like the next one were left out", keptBack);
        }
        return passes ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private Count begin(String format, long now) {
        counts.remove(format);
        if (counts.size() >= KINDS_MAX) {
            // A kind whose sentence is made up anew each time would else grow this without end.
            counts.remove(counts.keySet().iterator().next());
        }
        Count count = new Count(now);
        counts.put(format, count);
        return count;
    }
}
