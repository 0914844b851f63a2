package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.Payload;

class ResultSpoolTest {

    private static final int MEMORY_BYTES = 16_000;
    private static final int RESULT_BYTES = 100;

    @TempDir
    Path root;

    private Path memory;
    private Path disk;
    private ResultSpool spool;
    private long dispatch;

    @BeforeEach
    void makes_directories() throws IOException {
        memory = Files.createDirectory(root.resolve("memory"));
        disk = Files.createDirectory(root.resolve("disk"));
        spool = new ResultSpool(memory, MEMORY_BYTES, disk, 10, 3, 7);
    }

    /** Whether it lies on the disk. */
    private boolean store(int size) throws IOException {
        return spool.store(++dispatch, Payload.of(new byte[size]));
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void goes_to_the_disk_when_memory_is_used_up_by_its_own_results() throws IOException {
        for (int i = 0; i < MEMORY_BYTES / RESULT_BYTES; i++) {
            assertThat(store(RESULT_BYTES)).as("result %d", i).isFalse();
        }
        assertThat(store(RESULT_BYTES)).isTrue();
        assertThat(files(disk)).isOne();
    }

    @Test
    void soon_sees_that_others_have_used_up_the_memory() throws IOException {
        assertThat(store(RESULT_BYTES)).isFalse();
        Files.write(memory.resolve("other"), new byte[MEMORY_BYTES - RESULT_BYTES]);
        int blind = 0;
        while (!store(RESULT_BYTES)) {
            blind++;
        }
        assertThat(blind * RESULT_BYTES).isLessThanOrEqualTo(MEMORY_BYTES / 16);
    }

    @Test
    void sees_at_once_that_there_is_room_again() throws IOException {
        Path other = Files.write(memory.resolve("other"), new byte[MEMORY_BYTES]);
        assertThat(store(RESULT_BYTES)).isTrue();
        Files.delete(other);
        assertThat(store(RESULT_BYTES)).isFalse();
    }

    @Test
    void never_gives_more_than_there_is_to_one_result() throws IOException {
        assertThat(store(MEMORY_BYTES)).isFalse();
        assertThat(store(MEMORY_BYTES)).isTrue();
    }
}
