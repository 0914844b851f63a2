package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {

    @TempDir
    Path directory;

    /** A service in this process. */
    private static ServiceSweep.Service service(FakeService fake) {
        return new ServiceSweep.Service() {
            @Override
            public BenchOptions options() {
                return BenchOptions.defaults(fake.address());
            }

            @Override
            public long pid() {
                return ProcessHandle.current().pid();
            }

            @Override
            public ServiceSweep.Memory memory() {
                return ServiceSweep.Memory.collected();
            }

            @Override
            public void close() {
                // The test closes what it has made.
            }
        };
    }

    private Path program(String submit) throws IOException {
        Path program = directory.resolve("procpool");
        Files.writeString(program, """
                #!/bin/sh
                echo "$@" >>"$(dirname "$0")/calls"
                if [ "$1" = submit ]; then %s; fi
                echo 'procpool ready: clients 127.0.0.1:1234, admin http://127.0.0.1:1235, workers 2'
                exec sleep 60
                """.formatted(submit));
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void soak_tells_rate_and_memory_of_each_step() throws Exception {
        String report;
        try (FakeService fake =
                new FakeService(List.of("echo"), submit -> FakeService.succeeded(submit, submit.payload()))) {
            report = ServiceSweep.soak(workers -> service(fake), 2, Duration.ofMillis(50), part -> {});
        }

        assertThat(report.lines().skip(2))
                .hasSize(10)
                .allSatisfy(line -> assertThat(line)
                        .matches(" +\\d+ +[\\d,]+ +[\\d.]+ \\S+ +[\\d.]+ MiB +[\\d.]+ MiB +[1-9][\\d.]* MiB"));
    }

    @Test
    void start_runs_service_and_submission_by_turns_and_leaves_no_service() throws Exception {
        String report = StartSweep.run(program("exit 0"), 2, part -> {});

        assertThat(report)
                .containsPattern("serve, until ready +\\d+ +\\d+ +\\d+")
                .containsPattern("submit, until its end +\\d+ +\\d+ +\\d+");
        List<String> calls = Files.readAllLines(directory.resolve("calls"));
        assertThat(calls).hasSize(20);
        assertThat(calls.get(0)).startsWith("serve --workers=2 ");
        assertThat(calls.get(1)).isEqualTo("submit --server=127.0.0.1:1234 echo --text=hi");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void start_says_which_command_failed() throws IOException {
        Path program = program("exit 6");

        assertThatThrownBy(() -> StartSweep.run(program, 2, part -> {}))
                .isInstanceOf(BenchException.class)
                .hasMessage(program + " submit --server=127.0.0.1:1234 echo --text=hi ended with exit code 6");
    }
}
