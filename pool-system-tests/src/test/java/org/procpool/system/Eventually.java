package org.procpool.system;

import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waits with a deadline that even a crowded machine keeps. */
final class Eventually {

    static final int DEADLINE_SECONDS = 60;

    private Eventually() {}

    private static ConditionFactory patience(String what) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsMatching(Eventually::isOfAFileThatHasGone)
                .atMost(Duration.ofSeconds(DEADLINE_SECONDS));
    }

    /** Who looks through directories that others empty looks again. */
    private static boolean isOfAFileThatHasGone(Throwable e) {
        return e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException;
    }

    static void until(String what, Callable<Boolean> condition) {
        patience(what).until(condition);
    }

    static void untilAsserted(String what, ThrowingRunnable assertion) {
        patience(what).untilAsserted(assertion);
    }

    /** Lets so much time pass. For what must not happen; whoever waits for something waits for that. */
    static void pass(long nanos) {
        long from = System.nanoTime();
        until("time passes", () -> System.nanoTime() - from > nanos);
    }

    /** The future's value. */
    static <T> T value(CompletableFuture<T> future) throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
}
