package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir
    Path temp;

    @Test
    void directory_is_private_and_goes_with_the_pool() throws IOException {
        Path base = temp.resolve("run");
        Path pool;
        try (RunDirectory directory = RunDirectory.create(base, Enclosure.NONE)) {
            pool = directory.socket().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(base)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pool)))
                    .isEqualTo("rwx------");
            Files.createDirectories(directory.workerDirectory("w1.1").resolve("scratch"));
        }
        assertThat(pool).doesNotExist();
    }

    @Test
    void what_a_dead_pool_left_is_removed_and_a_living_one_is_not() throws IOException {
        Path dead = Files.createDirectories(temp.resolve("run/pool-dead/w1.1"));
        Files.createFile(dead.getParent().resolve("lock"));
        Path stranger = Files.createDirectories(temp.resolve("run/other"));
        try (RunDirectory first = RunDirectory.create(temp.resolve("run"), Enclosure.NONE);
                RunDirectory second = RunDirectory.create(temp.resolve("run"), Enclosure.NONE)) {
            assertThat(dead.getParent()).doesNotExist();
            assertThat(stranger).exists();
            assertThat(first.socket().getParent()).exists();
            assertThat(second.socket().getParent()).exists();
        }
    }

    @Test
    void directory_without_a_lock_is_removed_when_it_is_old_enough_not_to_be_in_the_making() throws IOException {
        Path fresh = Files.createDirectories(temp.resolve("run/pool-fresh"));
        Path old = Files.createDirectories(temp.resolve("run/pool-old"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        RunDirectory.create(temp.resolve("run"), Enclosure.NONE).close();

        assertThat(fresh).exists();
        assertThat(old).doesNotExist();
    }

    @Test
    void what_handlers_of_a_dead_pool_have_left_is_ended_and_nothing_else() throws Exception {
        Files.createFile(Files.createDirectories(temp.resolve("run/pool-dead")).resolve("lock"));
        List<Process> sleepers = new ArrayList<>();
        try (RunDirectory living = RunDirectory.create(temp.resolve("empty"), Enclosure.NONE)) {
            String alive = living.socket().getParent().getFileName().toString();
            for (String marker : List.of("pool-dead/w1.1", "pool-dead/w12.3", alive + "/w1.1", "pool-dead2/w1.1", "")) {
                ProcessBuilder builder = new ProcessBuilder("sleep", "600");
                builder.environment().put(Offspring.VARIABLE, marker);
                builder.environment().put("OTHER", "PROCPOOL_WORKER=pool-dead/w1.1");
                sleepers.add(builder.start());
            }
            RunDirectory.create(temp.resolve("run"), Enclosure.NONE).close();

            assertThat(sleepers.get(0).waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sleepers.get(1).waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sleepers.subList(2, 5)).allMatch(Process::isAlive);
        } finally {
            for (Process sleeper : sleepers) {
                sleeper.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void socket_path_that_is_too_long_is_refused_with_the_numbers() {
        Path base = temp.resolve("d".repeat(100));
        assertThatThrownBy(() -> RunDirectory.create(base, Enclosure.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes, the system allows")
                .hasMessageContaining("--run-dir");
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void base_that_is_a_file_is_refused() throws IOException {
        Path base = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> RunDirectory.create(base, Enclosure.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void base_that_is_a_link_is_refused() throws IOException {
        Path base = Files.createSymbolicLink(temp.resolve("link"), Files.createDirectory(temp.resolve("target")));
        assertThatThrownBy(() -> RunDirectory.create(base, Enclosure.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a directory");
    }
}
