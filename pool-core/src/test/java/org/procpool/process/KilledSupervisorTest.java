package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KilledSupervisorTest {

    private static final int ROUNDS = 10;

    @TempDir
    Path temp;

    @Test
    void supervisor_that_is_killed_while_it_boots_workers_leaves_no_process_and_no_memory() throws Exception {
        Random random = new Random(7);
        Path memory = Files.createDirectory(temp.resolve("memory"));
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> workers = bootAndKill(memory, 1 + random.nextInt(3), random.nextInt(20_000_000));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> workers.stream().noneMatch(KilledSupervisorTest::lives));
            assertThat(bytesIn(memory)).isZero();
        }
        RunDirectory.create(temp.resolve("run"), Enclosure.NONE).close();
        RecorderDirectory.create(memory, Enclosure.NONE).close();

        assertThat(entries(temp.resolve("run"))).isEmpty();
        assertThat(entries(memory.resolve("procpool-" + System.getProperty("user.name"))))
                .isEmpty();
    }

    /** Kills it so long after that many workers; returns all that it had started by then. */
    private List<Long> bootAndKill(Path memory, int count, long nanos) throws Exception {
        Process supervisor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BootingSupervisor.class.getName(),
                        temp.resolve("run").toString(),
                        memory.toString())
                .start();
        List<Long> workers = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(supervisor.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("worker ")) {
                    workers.add(Long.parseLong(line.substring("worker ".length())));
                }
                if (workers.size() == count && supervisor.isAlive()) {
                    LockSupport.parkNanos(nanos);
                    supervisor.toHandle().destroyForcibly();
                }
            }
        } finally {
            supervisor.destroyForcibly();
            assertThat(supervisor.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(workers).hasSizeGreaterThanOrEqualTo(count);
        return workers;
    }

    private static boolean lives(long pid) {
        ProcessStat stat = ProcessStat.read(pid);
        return stat != null && !stat.isDead();
    }

    private static long bytesIn(Path directory) throws Exception {
        long bytes = 0;
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static List<Path> entries(Path directory) throws Exception {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
