package org.procpool;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which handlers the workers of each release load. On the loop. */
final class Releases {

    private final Map<Integer, List<Path>> handlers = new HashMap<>();

    /** @param first class path of the handlers of release 1 */
    Releases(List<Path> first) {
        handlers.put(1, first);
    }

    /** To be called before the conductor hears of that release. */
    void add(int release, List<Path> classPath) {
        handlers.put(release, classPath);
    }

    List<Path> handlersOf(int release) {
        List<Path> classPath = handlers.get(release);
        if (classPath == null) {
            throw new IllegalStateException("there is no release " + release);
        }
        return classPath;
    }

    /** Forgets what no worker will be launched with any more: those before it, or the one that was given up. */
    void rolled(int release, boolean taken) {
        handlers.keySet().removeIf(number -> taken ? number < release : number == release);
    }
}
