package org.procpool.bench;

import java.util.Locale;

/** A text made of formatted lines. */
final class Lines {

    private final StringBuilder text = new StringBuilder();

    void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }

    static String plural(int count, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
    }
}
