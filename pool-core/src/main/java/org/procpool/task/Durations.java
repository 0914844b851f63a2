package org.procpool.task;

import java.util.concurrent.TimeUnit;

/** Durations as people write them: {@code 500ms}, {@code 2s}, {@code 5m}, {@code 1h}. */
public final class Durations {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private Durations() {}

    /** The duration, rounded for reading: {@code 850us}, {@code 12.3ms}, {@code 2s}, {@code 1m30s}. */
    public static String format(long nanos) {
        if (nanos < TimeUnit.MILLISECONDS.toNanos(1)) {
            return nanos / 1_000 + "us";
        }
        if (nanos < SECOND) {
            return tenths(nanos, TimeUnit.MILLISECONDS.toNanos(1)) + "ms";
        }
        if (nanos < 60 * SECOND) {
            return tenths(nanos, SECOND) + "s";
        }
        long seconds = nanos / SECOND;
        long hours = seconds / 3600;
        long minutes = seconds / 60 % 60;
        return (hours == 0 ? "" : hours + "h")
                + (minutes == 0 ? "" : minutes + "m")
                + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }

    private static String tenths(long nanos, long unit) {
        long whole = nanos / unit;
        long tenth = nanos % unit * 10 / unit;
        return tenth == 0 || whole >= 100 ? Long.toString(whole) : whole + "." + tenth;
    }

    /**
     * Reads a duration: a whole number and one of us, ms, s, m, h.
     *
     * @return nanoseconds
     * @throws IllegalArgumentException with a sentence for people
     */
    public static long parseNanos(String text) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        TimeUnit unit = switch (text.substring(digits)) {
            case "us" -> TimeUnit.MICROSECONDS;
            case "ms" -> TimeUnit.MILLISECONDS;
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> null;
        };
        if (digits == 0 || digits > 12 || unit == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a duration; write for example 500ms, 2s, 5m or 1h");
        }
        return unit.toNanos(Long.parseLong(text.substring(0, digits)));
    }
}
