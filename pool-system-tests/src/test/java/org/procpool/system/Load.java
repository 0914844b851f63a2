package org.procpool.system;

import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.procpool.ProcessPool;

/** Keeps a pool as busy as in a good day of real life, with a crash, a failure and a slow task now and then. */
final class Load implements AutoCloseable {

    private static final int IN_FLIGHT_MAX = 60;

    private final ProcessPool pool;
    private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
    private final Random random = new Random(7);
    private final long startedNanos = System.nanoTime();
    private final Thread thread = new Thread(this::run, "load");
    /** Written by who ends it, read by its thread. */
    private volatile boolean ends;

    private Load(ProcessPool pool) {
        this.pool = pool;
    }

    static Load on(ProcessPool pool) {
        Load load = new Load(pool);
        load.thread.setDaemon(true);
        load.thread.start();
        return load;
    }

    private void run() {
        try {
            while (!ends) {
                int chance = random.nextInt(100_000);
                if (chance < 4) {
                    submit(chance < 2 ? "exit" : "segv", chance < 2 ? "42" : "");
                } else if (chance < 20) {
                    submit("refuse", "order " + chance);
                } else if (chance < 700) {
                    submit("fib", Integer.toString(24 + random.nextInt(5)));
                } else if (chance < 760) {
                    submit("sleep", (50 + random.nextInt(400)) + "ms");
                } else {
                    String[] usual = {"sha256", "wordcount", "uppercase", "reverse"};
                    submit(usual[chance % usual.length], "the quick brown fox ".repeat(1 + random.nextInt(40)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void submit(String task, String payload) throws InterruptedException {
        // Waves, as of real callers.
        double wave = Math.sin((System.nanoTime() - startedNanos) / 1e9 / 9) + random.nextGaussian() * 0.2;
        if (wave < 0.4) {
            LockSupport.parkNanos((long) (60_000 + 100_000 * Math.abs(wave)));
        }
        room.acquire();
        pool.submit(task, payload).whenComplete((outcome, failure) -> room.release());
    }

    void untilSeconds(int seconds) {
        Eventually.until(
                "the load has run for a while",
                () -> System.nanoTime() - startedNanos > TimeUnit.SECONDS.toNanos(seconds));
    }

    @Override
    public void close() {
        ends = true;
        Eventually.until("the load has ended", () -> !thread.isAlive());
    }
}
