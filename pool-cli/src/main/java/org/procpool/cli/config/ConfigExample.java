package org.procpool.cli.config;

import java.util.ArrayList;
import java.util.List;

/** The default file: every setting with what it means, each one commented out. */
public final class ConfigExample {

    private static final int WIDTH = 100;
    private static final String COMMENT = "# ";

    private ConfigExample() {}

    /** The file as a text that ends with a line feed. */
    public static String text(ConfigOptions options) {
        List<String> lines = new ArrayList<>(List.of(
                "# yaml-language-server: $schema=/usr/share/procpool/procpool.schema.json",
                "#",
                "# The settings of 'procpool serve'. Each can also be given as a variable (workers: PROCPOOL_WORKERS) or",
                "# as a flag (--workers); a variable wins over this file, a flag over both. Take the '#' away before what",
                "# you want to change. 'procpool config check FILE' tells what is wrong with it, 'procpool config show'",
                "# what is in force and why. SIGHUP or 'procpool reload' make a running service read it again.",
                "#",
                "# Durations are 500ms, 2s, 5m, 1h; sizes 64k, 10m, 1g."));
        for (ConfigOption option : options.all()) {
            lines.add("");
            wrap(option.description(), lines);
            lines.add("#" + option.name() + ": " + value(option));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String value(ConfigOption option) {
        String literal = option.literalDefault();
        return literal == null ? option.label() : literal;
    }

    private static void wrap(String text, List<String> lines) {
        StringBuilder line = new StringBuilder(COMMENT);
        for (String word : text.split(" ", -1)) {
            if (line.length() > COMMENT.length() && line.length() + word.length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(COMMENT);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
    }
}
