package org.procpool.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir
    Path temp;

    @Test
    void directory_is_private_and_goes_with_the_pool() throws IOException {
        Path base = temp.resolve("run");
        Path pool;
        try (RunDirectory directory = RunDirectory.create(base)) {
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
        try (RunDirectory first = RunDirectory.create(temp.resolve("run"));
                RunDirectory second = RunDirectory.create(temp.resolve("run"))) {
            assertThat(dead.getParent()).doesNotExist();
            assertThat(stranger).exists();
            assertThat(first.socket().getParent()).exists();
            assertThat(second.socket().getParent()).exists();
        }
    }

    @Test
    void socket_path_that_is_too_long_is_refused_with_the_numbers() {
        Path base = temp.resolve("d".repeat(100));
        assertThatThrownBy(() -> RunDirectory.create(base))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bytes, the system allows")
                .hasMessageContaining("--run-dir");
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void base_that_is_a_file_is_refused() throws IOException {
        Path base = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> RunDirectory.create(base))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a directory");
    }

    @Test
    void base_that_is_a_link_is_refused() throws IOException {
        Path base = Files.createSymbolicLink(temp.resolve("link"), Files.createDirectory(temp.resolve("target")));
        assertThatThrownBy(() -> RunDirectory.create(base))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a directory");
    }
}
