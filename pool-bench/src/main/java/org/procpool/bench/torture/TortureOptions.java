package org.procpool.bench.torture;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.Payload;

/**
 * What to do to a pool.
 *
 * @param kills deaths to bring about, from 1
 * @param workers from 1
 * @param window unfinished tasks at any time, from 1
 * @param recorder whether workers have flight recorders; without it each is handed one task at a time
 * @param ringBytes of each flight recorder; small, so that results often lie across its end
 * @param seed decides what is drawn, tasks and ways to die, but not the moments: those are the machine's
 * @param handlers class path of the handlers
 * @param providers of the handlers; empty = those that the service loader finds
 * @param task the user's own, with what it is given; null = the handler that witnesses
 * @param java executable for the workers
 * @param keep directory for the records, which then stay; null = they go when they have been judged
 */
public record TortureOptions(
        int kills,
        int workers,
        int window,
        boolean recorder,
        int ringBytes,
        long seed,
        List<Path> handlers,
        List<String> providers,
        @Nullable UserTask task,
        Path java,
        @Nullable Path keep) {

    /** Of so many deaths one at least must have an answer recovered across the end of the ring, in a long run. */
    private static final int KILLS_FOR_A_WRAP = 10;

    private static final int LONG_RUN_KILLS = 100;

    private static final int KILLS_MAX = 100_000;
    private static final int WORKERS_MAX = 256;
    private static final int WINDOW_MAX = 100_000;

    /** A task of the user's. */
    public record UserTask(String name, Payload payload) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public TortureOptions {
        inRange("kills", kills, 1, KILLS_MAX);
        inRange("workers", workers, 1, WORKERS_MAX);
        inRange("window", window, 1, WINDOW_MAX);
        handlers = List.copyOf(handlers);
        providers = List.copyOf(providers);
    }

    private static void inRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is " + min + " to " + max);
        }
    }

    /** 200 deaths of 4 workers with 600 tasks in flight. */
    public static TortureOptions defaults(List<Path> handlers, List<String> providers) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new TortureOptions(200, 4, 600, true, 16 * 1024, 1, handlers, providers, null, java, null);
    }

    public TortureOptions withKills(int value) {
        return new TortureOptions(
                value, workers, window, recorder, ringBytes, seed, handlers, providers, task, java, keep);
    }

    public TortureOptions withWorkers(int value) {
        return new TortureOptions(
                kills, value, window, recorder, ringBytes, seed, handlers, providers, task, java, keep);
    }

    public TortureOptions withWindow(int value) {
        return new TortureOptions(
                kills, workers, value, recorder, ringBytes, seed, handlers, providers, task, java, keep);
    }

    public TortureOptions withRecorder(boolean value) {
        return new TortureOptions(
                kills, workers, window, value, ringBytes, seed, handlers, providers, task, java, keep);
    }

    public TortureOptions withRingBytes(int value) {
        return new TortureOptions(kills, workers, window, recorder, value, seed, handlers, providers, task, java, keep);
    }

    public TortureOptions withSeed(long value) {
        return new TortureOptions(
                kills, workers, window, recorder, ringBytes, value, handlers, providers, task, java, keep);
    }

    public TortureOptions withTask(UserTask value) {
        return new TortureOptions(
                kills, workers, window, recorder, ringBytes, seed, handlers, providers, value, java, keep);
    }

    public TortureOptions withJava(Path value) {
        return new TortureOptions(
                kills, workers, window, recorder, ringBytes, seed, handlers, providers, task, value, keep);
    }

    public TortureOptions withKeep(Path value) {
        return new TortureOptions(
                kills, workers, window, recorder, ringBytes, seed, handlers, providers, task, java, value);
    }

    /** How many answers must have been recovered across the end of a ring for the run to prove anything about that. */
    int wrappedMin() {
        return recorder && task == null && kills >= LONG_RUN_KILLS ? kills / KILLS_FOR_A_WRAP : 0;
    }
}
