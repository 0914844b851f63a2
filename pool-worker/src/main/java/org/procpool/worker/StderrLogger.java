package org.procpool.worker;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Prints one line a message, and the stack of an exception, to standard error. The JDK's own logging would cost a
 * worker tens of milliseconds at the first message and a second line for each.
 */
record StderrLogger(String name) implements System.Logger {

    @Override
    public String getName() {
        return name;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && level.compareTo(Level.INFO) >= 0;
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            String stack = thrown == null ? "" : System.lineSeparator() + ErrorText.stack(thrown);
            System.err.println(level + " " + name + ": " + localized(bundle, message) + stack);
        }
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... arguments) {
        if (isLoggable(level)) {
            String pattern = localized(bundle, format);
            boolean plain = arguments == null || arguments.length == 0;
            System.err.println(
                    level + " " + name + ": " + (plain ? pattern : MessageFormat.format(pattern, arguments)));
        }
    }

    private static String localized(@Nullable ResourceBundle bundle, @Nullable String key) {
        if (key == null) {
            return "";
        }
        return bundle != null && bundle.containsKey(key) ? bundle.getString(key) : key;
    }
}
