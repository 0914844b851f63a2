package org.procpool.cli.top;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.task.Durations;
import org.procpool.task.Sizes;

/** Numbers for people, short enough for a column. */
final class Figures {

    private Figures() {}

    /** {@code 12,345}; {@code 1.23M} from a million on. */
    static String count(long number) {
        if (number < 1_000_000) {
            return String.format(Locale.ROOT, "%,d", number);
        }
        return number < 1_000_000_000
                ? String.format(Locale.ROOT, "%.2fM", number / 1e6)
                : String.format(Locale.ROOT, "%.2fG", number / 1e9);
    }

    /** With a tenth below ten. */
    static String rate(double perSecond) {
        return perSecond < 9.95 && perSecond > 0
                ? String.format(Locale.ROOT, "%.1f", perSecond)
                : count(Math.round(perSecond));
    }

    static String millis(long millis) {
        return millis == 0 ? "0s" : Durations.format(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** A dash for nothing. */
    static String micros(@Nullable Double micros) {
        if (micros == null) {
            return "-";
        }
        // Of an echo, say, half take less than one.
        return micros < 10 ? String.format(Locale.ROOT, "%.1fus", micros) : Durations.format((long) (micros * 1_000));
    }

    static String bytes(long bytes) {
        return bytes == 0 ? "-" : Sizes.format(bytes);
    }

    static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    static String padRight(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
