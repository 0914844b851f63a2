package org.procpool.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskHandler;

class TortureTest {

    @TempDir
    Path directory;

    private List<String> records() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.findAny().orElseThrow();
            assertThat(file.getFileName().toString())
                    .isEqualTo("runs-" + ProcessHandle.current().pid() + ".log");
            assertThat(Files.size(file) % 64).isZero();
            return Files.readAllLines(file).stream().map(String::strip).toList();
        }
    }

    @Test
    void each_run_is_on_file_with_its_beginning_and_its_end() throws Exception {
        TaskHandler torture = new Torture(directory);
        Payload answer = torture.handle(new FakeContext(), Payload.of("7 100 300 -"));
        Payload nothing = torture.handle(new FakeContext(), Payload.of("8 0 0 -"));
        assertThat(answer.size()).isEqualTo(300);
        assertThat(nothing.size()).isZero();
        CRC32 sum = new CRC32();
        sum.update(answer.bytes());
        long pid = ProcessHandle.current().pid();
        assertThat(records())
                .containsExactly(
                        "S 7 1 " + pid + " 1",
                        "E 7 1 " + pid + " 1 " + Long.toHexString(sum.getValue()) + " 300",
                        "S 8 1 " + pid + " 2",
                        "E 8 1 " + pid + " 2 0 0");
    }

    @Test
    void run_that_fails_has_a_beginning_only() throws Exception {
        TaskHandler torture = new Torture(directory);
        assertThatThrownBy(() -> torture.handle(new FakeContext(), Payload.of("7 0 0 drown")))
                .hasMessageContaining("'drown' is no way to die");
        assertThat(records()).containsExactly("S 7 1 " + ProcessHandle.current().pid() + " 1");
    }

    @Test
    void answers_of_two_tasks_differ() {
        assertThat(Torture.answer(1, 1000))
                .isNotEqualTo(Torture.answer(2, 1000))
                .isEqualTo(Torture.answer(1, 1000));
    }

    @Test
    void handler_is_not_there_without_a_place_for_its_records() {
        assertThatThrownBy(() -> new TortureHandlers().handlers()).hasMessageContaining("-Dprocpool.torture.evidence");
    }
}
