package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.bench.Bench;
import org.procpool.bench.BenchOptions;
import org.procpool.bench.BenchResult;
import org.procpool.client.PoolClient;
import org.procpool.proto.Payload;

/**
 * What a task may cost in memory and system calls. Both are counted, not timed, so a busy machine does not matter;
 * whoever makes the path of a task dearer meets these bounds, not a slower benchmark months later. The bounds leave
 * some room over what docs/benchmarks.md says.
 */
@ExtendWith(LeakCheck.class)
@Tag(LeakCheck.ALONE)
class TaskBudgetTest {

    private static final int ROUNDS = 4;

    private static final double SUPERVISOR_BYTES_MAX = 1300;
    private static final double WORKER_BYTES_MAX = 700;

    /** One task at a time: one read and one write at each socket, one wait for each, and some that find nothing. */
    private static final double SUPERVISOR_CALLS_MAX = 12;

    /** One read and one write. */
    private static final double WORKER_CALLS_MAX = 2.5;

    /** With a thousand out, reads and writes carry many tasks. */
    private static final double WORKER_BATCHED_CALLS_MAX = 0.2;

    @Test
    void task_costs_no_more_memory_and_system_calls_than_it_may() throws Exception {
        List<String> providers = new ArrayList<>(Handlers.PROVIDERS);
        providers.add(BudgetHandlers.class.getName());
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1).withProviders(providers));
                PoolClient client = server.client()) {
            // Loads classes, and lets the pool learn that the tasks are short.
            load(server, 1000, 1500);

            double supervisorBytes = Double.MAX_VALUE;
            double workerBytes = Double.MAX_VALUE;
            // A loop that gets little of the processor makes smaller batches, and each has costs of its own.
            for (int i = 0; i < ROUNDS; i++) {
                long loopBefore = loopAllocatedBytes();
                long workerBefore = workerAllocatedBytes(client);
                double tasks = load(server, 1000, 300);
                supervisorBytes = Math.min(supervisorBytes, (loopAllocatedBytes() - loopBefore) / tasks);
                workerBytes = Math.min(workerBytes, (workerAllocatedBytes(client) - workerBefore) / tasks);
            }
            assertThat(supervisorBytes).as("bytes a task, supervisor").isLessThan(SUPERVISOR_BYTES_MAX);
            assertThat(workerBytes).as("bytes a task, worker").isLessThan(WORKER_BYTES_MAX);

            Path worker = Path.of(
                    "/proc", Long.toString(server.snapshot().workers().get(0).pid()));
            assertThat(workerCalls(server, worker, 1)).isLessThan(WORKER_CALLS_MAX);
            assertThat(workerCalls(server, worker, 1000)).isLessThan(WORKER_BATCHED_CALLS_MAX);
        }
    }

    @Test
    void supervisor_makes_no_more_system_calls_for_a_task_than_it_may() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1))) {
            load(server, 1, 500);
            double calls = Double.MAX_VALUE;
            // What the loop does by the clock and not by the task weighs more where tasks get little of the processor.
            for (int i = 0; i < ROUNDS; i++) {
                calls = Math.min(calls, loopCalls(server));
            }
            assertThat(calls).as("system calls a task").isBetween(1.0, SUPERVISOR_CALLS_MAX);
        }
    }

    /** The loop's system calls by the task, as strace counts them. */
    private static double loopCalls(TestServer server) throws Exception {
        Path counts = LeakCheck.workDirectory().resolve("strace");
        Process strace = strace(counts);
        assumeTrue(strace != null, "there is no strace, or it may not look at this process");
        double tasks = load(server, 1, 500);
        new ProcessBuilder("kill", "-INT", Long.toString(strace.pid())).start().waitFor();
        strace.waitFor();
        double calls = Files.readAllLines(counts).stream()
                .filter(line -> line.endsWith(" total"))
                .map(line -> line.strip().split(" +"))
                .mapToDouble(words -> Double.parseDouble(words[3]))
                .sum();
        return calls / tasks;
    }

    /** Counting the loop's system calls from now on; null if that cannot be had. */
    private static Process strace(Path counts) throws IOException {
        Process strace;
        try {
            strace = new ProcessBuilder("strace", "-c", "-o", counts.toString(), "-p", loopTask())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return null;
        }
        String said = strace.inputReader().readLine();
        if (said != null && said.endsWith("attached")) {
            return strace;
        }
        strace.destroyForcibly();
        return null;
    }

    private static long load(TestServer server, int window, int millis) throws Exception {
        BenchOptions options = BenchOptions.defaults(server.server().address())
                .withWindow(window)
                .withWarmup(Duration.ZERO)
                .withDuration(Duration.ofMillis(millis));
        BenchResult result = Bench.run(options, progress -> {});
        assertThat(result.errorsByKind()).isEmpty();
        return result.completed();
    }

    private static long workerAllocatedBytes(PoolClient client) throws Exception {
        return Long.parseLong(
                client.submit("allocated", Payload.EMPTY).get().payload().text());
    }

    private static long loopAllocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Thread loop = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("test-loop"))
                .findFirst()
                .orElseThrow();
        return threads.getThreadAllocatedBytes(loop.getId());
    }

    /** The number by which the system knows the loop's thread. */
    private static String loopTask() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (Files.readString(task.resolve("comm")).startsWith("test-loop")) {
                    return task.getFileName().toString();
                }
            }
        }
        throw new IllegalStateException("there is no loop thread");
    }

    /** Reads and writes of a process by the task, as the system counts them. */
    private static double workerCalls(TestServer server, Path process, int window) throws Exception {
        Path io = process.resolve("io");
        assumeTrue(Files.isReadable(io), "this system does not count reads and writes");
        long before = calls(io);
        double tasks = load(server, window, 500);
        return (calls(io) - before) / tasks;
    }

    private static long calls(Path io) throws IOException {
        return Files.readAllLines(io).stream()
                .filter(line -> line.startsWith("sysc"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
