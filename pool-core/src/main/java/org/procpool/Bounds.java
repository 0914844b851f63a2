package org.procpool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.procpool.task.Durations;

/** Checks options against their ranges. */
final class Bounds {

    private Bounds() {}

    static void checkCount(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + min
                    + (max == Integer.MAX_VALUE ? " and up" : ".." + max));
        }
    }

    static void checkSpan(String name, long nanos, long minNanos, String more) {
        if (nanos < minNanos) {
            throw new IllegalArgumentException(name + " is " + Durations.format(nanos) + ", it must be at least "
                    + Durations.format(minNanos) + more);
        }
    }

    /**
     * Checks what can only be checked against this machine.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static void checkFiles(List<Path> handlers) {
        for (Path handler : handlers) {
            if (!Files.exists(handler)) {
                throw new IllegalArgumentException(
                        "the handlers " + handler + " do not exist; give a jar or a directory");
            }
        }
    }
}
