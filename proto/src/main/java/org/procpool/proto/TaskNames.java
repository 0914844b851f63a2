package org.procpool.proto;

import java.nio.charset.StandardCharsets;

/** Which names tasks may have. They stand in commands, logs and metric labels, so they are short and visible. */
public final class TaskNames {

    public static final int BYTES_MAX = 128;

    /** What a worker answers itself, with the payload; no handler has that name. */
    public static final String PROBE = "procpool.probe";

    private TaskNames() {}

    public static boolean isValid(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > BYTES_MAX) {
            return false;
        }
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            if (!isVisible(name.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
