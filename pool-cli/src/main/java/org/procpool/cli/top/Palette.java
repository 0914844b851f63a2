package org.procpool.cli.top;

import java.util.Locale;
import java.util.Map;
import org.jline.utils.AttributedStyle;

/**
 * What the terminal can show: colours or none, block characters or ASCII alone.
 *
 * @param colour whether colours are wanted; without, what matters is bold
 * @param unicode whether the terminal shows more than ASCII
 */
record Palette(boolean colour, boolean unicode) {

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;

    /** As the environment says: https://no-color.org, and the locale as the C library reads it. */
    static Palette of(Map<String, String> environment) {
        String locale = "";
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            locale = locale.isEmpty() ? environment.getOrDefault(name, "") : locale;
        }
        String lower = locale.toLowerCase(Locale.ROOT);
        boolean utf8 = lower.contains("utf-8") || lower.contains("utf8");
        return new Palette(environment.getOrDefault("NO_COLOR", "").isEmpty(), utf8);
    }

    AttributedStyle plain() {
        return PLAIN;
    }

    AttributedStyle strong() {
        return PLAIN.bold();
    }

    AttributedStyle good() {
        return colour ? PLAIN.foreground(AttributedStyle.GREEN) : PLAIN;
    }

    AttributedStyle warning() {
        return colour ? PLAIN.foreground(AttributedStyle.YELLOW) : PLAIN.bold();
    }

    AttributedStyle bad() {
        return colour ? PLAIN.foreground(AttributedStyle.RED).bold() : PLAIN.bold();
    }

    AttributedStyle accent() {
        return colour ? PLAIN.foreground(AttributedStyle.CYAN) : PLAIN;
    }

    AttributedStyle faint() {
        return colour ? PLAIN.foreground(AttributedStyle.BRIGHT + AttributedStyle.BLACK) : PLAIN;
    }

    AttributedStyle heading() {
        return colour ? PLAIN.foreground(AttributedStyle.CYAN).bold() : PLAIN.bold();
    }

    AttributedStyle selected() {
        return PLAIN.inverse();
    }

    /** Of a state of the pool or of a worker. */
    AttributedStyle state(String state) {
        return switch (state) {
            case "running", "busy" -> good();
            case "starting", "degraded", "draining" -> warning();
            case "exited", "failed", "stopped", "lost" -> bad();
            default -> faint();
        };
    }

    String dot() {
        return unicode ? "●" : "*";
    }

    String ellipsis() {
        return unicode ? "…" : "~";
    }

    String rule() {
        return unicode ? "─" : "-";
    }

    String arrows() {
        return unicode ? "↑↓" : "arrows";
    }

    /** What is full and what is empty of a bar. */
    String full() {
        return unicode ? "█" : "#";
    }

    String empty() {
        return unicode ? "░" : ".";
    }

    /** From nothing to a whole character, in equal steps. */
    String levels() {
        return unicode ? " ▁▂▃▄▅▆▇█" : " .:-=+*%#";
    }
}
