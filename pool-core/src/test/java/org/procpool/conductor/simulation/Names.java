package org.procpool.conductor.simulation;

import java.util.List;
import java.util.SplittableRandom;

/** What the workers can do, and how clients misspell it. */
final class Names {

    /** The second release can do less. */
    private static final List<List<String>> RELEASES =
            List.of(List.of("sleep", "fib", "echo", "wordcount"), List.of("echo", "fib"));

    private static final String LONG = "wordcount".repeat(8);
    private static final String[] ASKED = {"echo", "fib", "sleep", "echo", "wordcount"};
    private static final String[] MISSPELT = {
        "ehco", "eco", "echos", "fob", "sleepy", "lseep", "wrdcuont", "word-count", "fid", "thumbnail", "w", LONG
    };
    private static final String[] MEANT = {
        "echo", "echo", "echo", "fib", "sleep", "sleep", "wordcount", "wordcount", "fib", "", "", ""
    };

    private Names() {}

    static List<String> release(boolean lesser) {
        return RELEASES.get(lesser ? 1 : 0);
    }

    static String any(SplittableRandom random, boolean misspelt) {
        return misspelt ? MISSPELT[random.nextInt(MISSPELT.length)] : ASKED[random.nextInt(ASKED.length)];
    }

    /** The name that a misspelt one is nearest to; empty if to none. */
    static String meant(String name) {
        for (int i = 0; i < MISSPELT.length; i++) {
            if (MISSPELT[i].equals(name)) {
                return MEANT[i];
            }
        }
        return "";
    }
}
