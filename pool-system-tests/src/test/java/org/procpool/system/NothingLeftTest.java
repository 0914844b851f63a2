package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A supervisor that is killed at any moment leaves no worker and no shared memory; the next start removes the rest. */
@ExtendWith(LeakCheck.class)
class NothingLeftTest {

    private static final int ROUNDS = Boolean.getBoolean("procpool.long") ? 200 : 5;
    /** Killed one by one, but booted side by side, which takes less time. */
    private static final int AT_ONCE = 4;

    /** Two are promised; a machine that does other things at the same time gets some more. */
    private static final Duration WORKERS_GONE = Duration.ofSeconds(6);

    private static final String VARIABLE = "PROCPOOL_WORKER=";
    private static final Path PROC = Path.of("/proc");

    private final Random random = new Random(11);

    @Test
    void supervisor_that_is_killed_at_any_moment_leaves_no_worker_and_no_shared_memory() throws Exception {
        Set<Long> seen = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<Program> supervisors = new ArrayList<>();
            try {
                for (int i = 0; i < AT_ONCE; i++) {
                    supervisors.add(Program.start(SupervisorMain.command(2, "sleep", "5m", 0)));
                }
                // Each dies at another stage: before its pool is there, while workers boot, or when they are at work.
                int booting = workers().size();
                Eventually.until("the first boots workers", () -> workers().size() > booting);
                for (Program supervisor : supervisors) {
                    Eventually.pass(TimeUnit.MILLISECONDS.toNanos(random.nextInt(400)));
                    seen.addAll(workers());
                    supervisor.signal("KILL");
                }
                Awaitility.await("the workers are gone")
                        .atMost(WORKERS_GONE)
                        .until(() -> workers().isEmpty());
            } finally {
                for (Program supervisor : supervisors) {
                    supervisor.close();
                }
            }
            for (String left : LeakCheck.sharedMemory(LeakCheck.memoryDirectory())) {
                assertThat(Path.of(left))
                        .as("what a dead pool leaves in shared memory is a directory with a lock in it")
                        .satisfiesAnyOf(
                                path -> assertThat(path).isDirectory(),
                                path -> assertThat(path).isEmptyFile());
            }
        }
        assertThat(seen).as("workers that died with their supervisors").hasSizeGreaterThanOrEqualTo(ROUNDS);

        Pools.ofOne().close();
        assertThat(LeakCheck.sharedMemory(LeakCheck.memoryDirectory())).isEmpty();
    }

    /** All processes that are marked as a worker of a pool in this test's run directory, or as started by one. */
    private static List<Long> workers() throws IOException {
        List<String> marks;
        try (Stream<Path> pools = Files.list(LeakCheck.runDirectory())) {
            marks = pools.map(pool -> VARIABLE + pool.getFileName() + "/").toList();
        }
        try (Stream<Path> processes = Files.list(PROC)) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> isMarked(process, marks))
                    .map(process -> Long.valueOf(process.getFileName().toString()))
                    .toList();
        }
    }

    private static boolean isMarked(Path process, List<String> marks) {
        try {
            String variables = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return marks.stream().anyMatch(variables::contains);
        } catch (IOException e) {
            // It is gone, or another user's.
            return false;
        }
    }
}
