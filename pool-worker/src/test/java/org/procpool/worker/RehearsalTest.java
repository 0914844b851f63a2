package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RehearsalTest {

    @Test
    void a_rehearsal_runs_its_tasks_without_a_supervisor_and_leaves_in_order(@TempDir Path directory) throws Exception {
        Path classes = directory.resolve("classes.txt");
        try (FakeSupervisor worker = new FakeSupervisor(directory)
                .with("rehearsal", "true")
                .with("socket", directory.resolve("own").toString())
                .with("handlers", null)
                .with("providers", RehearsalHandlers.class.getName())
                .withJvmOption("-Xlog:class+load:file=" + classes)
                .launch()) {
            assertThat(worker.exitCode()).as(worker.stderr()).isZero();
            assertThat(worker.stderr()).isEmpty();
        }
        assertThat(Files.readString(classes))
                .contains("com.fasterxml.jackson.databind.ObjectMapper ")
                .contains(RehearsalHandlers.Sample.class.getName())
                .contains(ErrorText.class.getName());
    }
}
