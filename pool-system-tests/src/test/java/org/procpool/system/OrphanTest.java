package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.ProcessPool;

/** Nothing that a supervisor started survives it, however it ends. */
@ExtendWith(LeakCheck.class)
class OrphanTest {

    /** They are not to be killed by their supervisor before that is killed itself. */
    private static final long NO_HANG_TIMEOUT = 0;

    /** Two are promised; a machine that does other things at the same time gets some more. */
    private static final long WORKERS_GONE_NANOS = TimeUnit.SECONDS.toNanos(6);

    private static Program supervisor(String task, String payload) throws IOException {
        return supervisor(2, task, payload);
    }

    private static Program supervisor(int workers, String task, String payload) throws IOException {
        return Program.start(SupervisorMain.command(workers, task, payload, NO_HANG_TIMEOUT));
    }

    private static void assertGoneInTime(List<Long> pids, long sinceNanos) {
        Eventually.until("all workers are gone", () -> {
            for (long pid : pids) {
                if (!Processes.isGone(pid)) {
                    return false;
                }
            }
            return true;
        });
        assertThat(System.nanoTime() - sinceNanos)
                .as("nanoseconds from the supervisor's death to the last worker's")
                .isLessThan(WORKERS_GONE_NANOS);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"sleep, 5m", "spin, x", "spin-counted, x", "ignore-interrupt, x", "stop-self, x"})
    void no_worker_outlives_a_killed_supervisor_whatever_it_is_doing(String task, String payload) throws Exception {
        try (Program supervisor = supervisor(task, payload)) {
            List<Long> pids = SupervisorMain.workers(supervisor);
            if (task.equals("stop-self")) {
                for (long pid : pids) {
                    Eventually.until("it is stopped", () -> Processes.state(pid) == 'T');
                }
            }
            long killed = System.nanoTime();
            supervisor.signal("KILL");
            assertGoneInTime(pids, killed);
        }
        removeLeftovers();
    }

    @Test
    void worker_without_the_kernels_help_ends_when_its_control_socket_does() throws Exception {
        // Without setpriv on the path there is no parent-death signal, only the socket.
        Path bin = Files.createDirectory(LeakCheck.workDirectory().resolve("bin"));
        ProcessBuilder builder = SupervisorMain.command(2, "spin", "x", NO_HANG_TIMEOUT);
        builder.environment().put("PATH", bin.toString());
        try (Program supervisor = Program.start(builder)) {
            List<Long> pids = SupervisorMain.workers(supervisor);
            long killed = System.nanoTime();
            supervisor.signal("KILL");
            assertGoneInTime(pids, killed);
        }
        removeLeftovers();
    }

    /** The directory of the killed pool stays until the next one starts. */
    private static void removeLeftovers() throws Exception {
        assertThat(directories()).hasSize(1);
        Pools.ofOne().close();
        assertThat(directories()).isEmpty();
    }

    private static List<Path> directories() throws IOException {
        try (Stream<Path> entries = Files.list(LeakCheck.runDirectory())) {
            return entries.toList();
        }
    }

    @Test
    void what_a_handler_started_under_a_killed_supervisor_goes_at_the_next_start_and_nobody_elses_does()
            throws Exception {
        try (ProcessPool living = Pools.ofOne()) {
            long neighbour = spawned("living", file -> living.submit("spawn", file.toString()));
            try (Program supervisor = supervisor(
                    1, "spawn", LeakCheck.workDirectory().resolve("dead").toString())) {
                long orphan = spawned("dead", file -> supervisor.line("^busy$"));
                long killed = System.nanoTime();
                supervisor.signal("KILL");
                assertGoneInTime(SupervisorMain.workers(supervisor), killed);
                // Its workers may be gone before it has given up its locks.
                supervisor.exitCode();
                assertThat(Processes.isGone(orphan)).isFalse();

                Pools.ofOne().close();

                Eventually.until("the orphan is gone", () -> Processes.isGone(orphan));
            }
            assertThat(Processes.isGone(neighbour)).isFalse();
            assertThat(directories()).hasSize(1);
            Eventually.value(living.stop());
        }
    }

    private static long spawned(String name, Consumer<Path> start) throws Exception {
        Path file = LeakCheck.workDirectory().resolve(name);
        start.accept(file);
        Eventually.until("the child runs", () -> Files.exists(file));
        return Long.parseLong(Files.readString(file));
    }

    @Test
    void pools_of_one_process_are_not_taken_for_dead_by_another_process() throws Exception {
        try (ProcessPool first = Pools.ofOne();
                ProcessPool second = Pools.ofOne()) {
            List<Path> before = directories();
            assertThat(before).hasSize(2);
            try (Program supervisor = supervisor("sleep", "5m")) {
                SupervisorMain.workers(supervisor);
                assertThat(directories()).hasSize(3).containsAll(before);
                assertThat(Pools.run(first, "echo", "").succeeded()).isTrue();
                // A new worker needs the socket in that directory.
                Processes.signal(Pools.worker(second, 1).pid(), "KILL");
                Eventually.until(
                        "it is replaced", () -> Pools.worker(second, 1).id().generation() == 2);
                assertThat(Pools.run(second, "echo", "").succeeded()).isTrue();
            }
            Pools.ofOne().close();
        }
    }
}
