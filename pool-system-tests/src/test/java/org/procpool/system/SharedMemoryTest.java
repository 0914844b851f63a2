package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolException;
import org.procpool.ProcessPool;
import org.procpool.system.Cli.Service;
import org.procpool.task.Autopsy;
import org.procpool.task.Departure;
import org.procpool.task.Outcome;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** A memory file system that is missing or full is told in one sentence, and costs no more than it must. */
@ExtendWith(LeakCheck.class)
class SharedMemoryTest {

    /** A memory file system of so many bytes. Only root can have one. */
    private static final class SmallMemory implements AutoCloseable {

        final Path path;

        SmallMemory(String size) throws IOException {
            path = Files.createDirectory(LeakCheck.workDirectory().resolve("memory"));
            Assumptions.assumeTrue(
                    run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()) == 0,
                    "only root can mount a small memory file system");
        }

        private static int run(String... words) throws IOException {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Eventually.until(words[0] + " ends", () -> !process.isAlive());
            return process.exitValue();
        }

        /** Takes its name at once; the garbage collector unmaps the pages that were in it when it likes. */
        @Override
        public void close() throws IOException {
            assertThat(run("umount", "--lazy", path.toString())).isZero();
        }
    }

    /** Takes all that is free in a file system, and all that gets free, until it is closed. */
    private static final class Filler implements AutoCloseable {

        private final Path file;
        private final Thread thread = new Thread(this::fill, "filler");
        private volatile boolean closed;

        Filler(Path directory) {
            file = directory.resolve("filler");
            thread.start();
        }

        private void fill() {
            byte[] block = new byte[4096];
            while (!closed) {
                try (OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    while (!closed) {
                        out.write(block);
                    }
                } catch (IOException e) {
                    // It is full, for now.
                    Thread.onSpinWait();
                }
            }
        }

        @Override
        public void close() throws IOException {
            closed = true;
            Eventually.until("the filler ends", () -> !thread.isAlive());
            Files.delete(file);
        }
    }

    private static void assertOneSentence(Throwable e) {
        assertThat(e.getMessage()).hasLineCount(1).startsWith("pool 'test': ");
    }

    @Test
    void memory_directory_that_is_not_there_is_named() {
        Path missing = LeakCheck.workDirectory().resolve("missing");
        assertThatThrownBy(() -> Pools.start(options -> options.withMemoryDirectory(missing)))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("the memory directory " + missing)
                .hasMessageContaining("is not there")
                .satisfies(SharedMemoryTest::assertOneSentence);
        assertThat(Processes.workers()).isEmpty();
        assertThat(LeakCheck.runDirectory()).isEmptyDirectory();
    }

    @Test
    void file_in_the_place_of_the_memory_directory_is_refused() throws Exception {
        Path file = Files.writeString(LeakCheck.workDirectory().resolve("file"), "x");
        assertThatThrownBy(() -> Pools.start(options -> options.withMemoryDirectory(file)))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining(file.toString())
                .satisfies(SharedMemoryTest::assertOneSentence);
    }

    @Test
    void memory_that_is_too_small_for_all_workers_is_told_at_the_start() throws Exception {
        try (SmallMemory memory = new SmallMemory("1m")) {
            assertThatThrownBy(() -> Pools.start(options -> options.withMemoryDirectory(memory.path)))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining(memory.path.toString())
                    .satisfies(SharedMemoryTest::assertOneSentence);
            assertThat(Processes.workers()).isEmpty();
            assertThat(LeakCheck.runDirectory()).isEmptyDirectory();
            assertThat(LeakCheck.sharedMemory(memory.path)).isEmpty();
        }
    }

    @Test
    void memory_that_is_full_later_fails_launches_with_the_reason_and_the_others_serve_on() throws Exception {
        Events events = new Events();
        try (SmallMemory memory = new SmallMemory("8m");
                ProcessPool pool = Pools.start(
                        options -> options.withMemoryDirectory(memory.path).withWorkers(2), events)) {
            Pools.untilIdle(pool, 2);
            try (Filler filler = new Filler(memory.path)) {
                Eventually.until("a launch has failed", () -> {
                    // The page of the dead one gets free, and is the filler's if that is quicker than the next launch.
                    WorkerSnapshot victim = Pools.worker(pool, 1);
                    if (victim.state() == WorkerState.IDLE) {
                        Processes.signal(victim.pid(), "KILL");
                    }
                    return events.exited.stream().anyMatch(exit -> exit.end() == null);
                });
                Autopsy failed = events.exited.stream()
                        .filter(exit -> exit.end() == null)
                        .findFirst()
                        .orElseThrow();
                assertThat(failed.why()).isEqualTo(Departure.BOOT_FAILED);
                assertThat(failed.pid()).isZero();
                assertThat(failed.detail()).contains(memory.path.toString()).doesNotContain("\n");
                assertOthersServe(pool);
                assertThat(filler.thread.isAlive()).isTrue();
            }
            Pools.untilIdle(pool, 2);
        }
    }

    private static void assertOthersServe(ProcessPool pool) throws Exception {
        long other = Pools.worker(pool, 2).pid();
        List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            tasks.add(pool.submit("pid", ""));
        }
        for (CompletableFuture<Outcome> task : tasks) {
            assertThat(Pools.outcome(task).payload().text()).isEqualTo(Long.toString(other));
        }
    }

    // ---- without

    @Test
    void pool_that_is_told_to_do_without_recorders_hands_a_worker_one_task_at_a_time() throws Exception {
        Path missing = LeakCheck.workDirectory().resolve("missing");
        Path open = LeakCheck.workDirectory().resolve("open");
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1)
                .withRecorder(false)
                .withMemoryDirectory(missing)
                .withPatienceNanos(0))) {
            for (int i = 0; i < 300; i++) {
                assertThat(Pools.run(pool, "echo", "x").succeeded()).isTrue();
            }
            List<CompletableFuture<Outcome>> tasks = new ArrayList<>();
            tasks.add(pool.submit(Pools.task("gate", open)));
            for (int i = 0; i < 10; i++) {
                tasks.add(pool.submit("echo", "x"));
            }
            Eventually.until("all others wait", () -> pool.snapshot().queuedTasks() == 10);
            assertThat(Pools.worker(pool, 1).inFlight()).isEqualTo(1);
            Files.createFile(open);
            for (CompletableFuture<Outcome> task : tasks) {
                assertThat(Pools.outcome(task).succeeded()).isTrue();
            }
        }
        assertThat(missing).doesNotExist();
    }

    @Test
    void service_says_what_to_do_and_runs_without_recorders_only_if_told_so() throws Exception {
        String missing = LeakCheck.workDirectory().resolve("missing").toString();
        try (Program refused = Cli.start(Map.of(), Service.words("--recorder-dir", missing))) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors().stream().filter(line -> line.contains(missing)))
                    .hasSize(1)
                    .allMatch(line -> line.contains("switch the recorder off"));
        }
        try (Service service = Service.start("--recorder", "off")) {
            assertThat(service.run("submit", "reverse", "--text", "abc").output())
                    .isEqualTo("cba");
            assertThat(service.terminate()).isZero();
        }
    }
}
