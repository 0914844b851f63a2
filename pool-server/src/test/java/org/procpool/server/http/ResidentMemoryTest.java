package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResidentMemoryTest {

    @TempDir
    private Path directory;

    @Test
    void it_is_read_from_the_status_file() throws IOException {
        assertThat(parsed("Name:\tjava\nVmRSS:\t   43512 kB\nThreads:\t9\n")).isEqualTo(43_512 * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Name:\tzombie\n", "VmRSS:\tmany kB\n", "VmRSS:"})
    void it_is_0_when_the_status_file_does_not_tell(String status) throws IOException {
        assertThat(parsed(status)).isZero();
    }

    @Test
    void it_is_0_when_there_is_no_such_process() {
        assertThat(ResidentMemory.ofProcess(0)).isZero();
        assertThat(ResidentMemory.ofProcess(Long.MAX_VALUE)).isZero();
    }

    private long parsed(String status) throws IOException {
        return ResidentMemory.ofStatusFile(Files.writeString(directory.resolve("status"), status));
    }
}
