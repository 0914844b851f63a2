package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.task.WorkerSnapshot;

/**
 * How often a pool that has nothing to do is woken. That is counted, by the system, and of a few spans the quietest
 * one counts: whatever disturbs a span only adds to it.
 */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class IdleBudgetTest {

    private static final int WORKERS = 8;
    private static final int SPANS = 4;
    private static final int SPAN_SECONDS = 4;

    /** Answers to pings, and what a JVM does by itself: 1.8 measured, 6 with the JVM's own settings. */
    private static final double WORKER_WAKES_MAX = 4;

    /** Pings of all workers at once, and their answers; 3 measured of a service. */
    private static final double LOOP_WAKES_MAX = 10;

    @Test
    void pool_at_rest_is_seldom_woken() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(WORKERS))) {
            server.awaitAllWorkers();
            List<Path> workers = server.snapshot().workers().stream()
                    .map(WorkerSnapshot::pid)
                    .map(pid -> Path.of("/proc", Long.toString(pid)))
                    .toList();
            double workerWakes = Double.MAX_VALUE;
            double loopWakes = Double.MAX_VALUE;
            for (int i = 0; i < SPANS; i++) {
                long workersBefore = wakes(workers, name -> true);
                long loopBefore = wakes(List.of(Path.of("/proc/self")), IdleBudgetTest::isLoop);
                Eventually.pass(TimeUnit.SECONDS.toNanos(SPAN_SECONDS));
                long workersAfter = wakes(workers, name -> true);
                long loopAfter = wakes(List.of(Path.of("/proc/self")), IdleBudgetTest::isLoop);
                workerWakes =
                        Math.min(workerWakes, (double) (workersAfter - workersBefore) / SPAN_SECONDS / workers.size());
                loopWakes = Math.min(loopWakes, (double) (loopAfter - loopBefore) / SPAN_SECONDS);
            }
            assertThat(workers).hasSizeGreaterThanOrEqualTo(WORKERS);
            assertThat(workerWakes).as("wake-ups of a worker a second").isLessThan(WORKER_WAKES_MAX);
            assertThat(loopWakes).as("wake-ups of the loop a second").isBetween(0.1, LOOP_WAKES_MAX);
        }
    }

    private static boolean isLoop(String name) {
        return name.startsWith("test-loop");
    }

    /** How often threads of these processes have gone to sleep so far, which is how often they were woken. */
    private static long wakes(List<Path> processes, Predicate<String> threads) throws IOException {
        long wakes = 0;
        for (Path process : processes) {
            try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
                for (Path task : tasks.toList()) {
                    wakes += wakesOf(task, threads);
                }
            }
        }
        return wakes;
    }

    private static long wakesOf(Path task, Predicate<String> threads) throws IOException {
        try {
            return !threads.test(Files.readString(task.resolve("comm")))
                    ? 0
                    : Files.readAllLines(task.resolve("status")).stream()
                            .filter(line -> line.startsWith("voluntary_ctxt_switches"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum();
        } catch (NoSuchFileException e) {
            // A thread of the JVM's own that has ended.
            return 0;
        }
    }
}
