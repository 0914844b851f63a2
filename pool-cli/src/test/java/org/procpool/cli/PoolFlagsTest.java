package org.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.procpool.PoolOptions;
import org.procpool.recorder.RecorderOptions;
import org.procpool.task.Durations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PoolFlagsTest {

    @Command
    private static final class Flags {

        @Mixin
        private final PoolFlags pool = new PoolFlags();
    }

    private static PoolOptions parse(String line) {
        Flags flags = new Flags();
        CommandLine command = new CommandLine(flags);
        command.registerConverter(Duration.class, text -> Duration.ofNanos(Durations.parseNanos(text)));
        command.parseArgs(line.isEmpty() ? new String[0] : line.split(" ", -1));
        return flags.pool.apply(List.of());
    }

    @Test
    void options_are_the_librarys_when_nothing_is_given() {
        assertThat(parse("")).isEqualTo(PoolOptions.defaults().withName("procpool"));
    }

    @Test
    void every_option_about_workers_and_recorders_arrives() {
        PoolOptions expected = PoolOptions.defaults()
                .withName("procpool")
                .withSpares(3)
                .withPrefetchMax(16)
                .withPatienceNanos(TimeUnit.MILLISECONDS.toNanos(7))
                .withHangTimeoutNanos(TimeUnit.SECONDS.toNanos(5))
                .withWriteTimeoutNanos(TimeUnit.SECONDS.toNanos(6))
                .withRestartsMax(9)
                .withRestartWindowNanos(TimeUnit.MINUTES.toNanos(2))
                .withRecorderOptions(new RecorderOptions(64, 8192))
                .withMemoryDirectory(Path.of("/mem"))
                .withAutopsiesMax(4)
                .withCacheDirectory(Path.of("/cache"));
        assertThat(parse("--spares 3 --prefetch 16 --patience 7ms --hang-timeout 5s --write-timeout 6s --max-restarts 9"
                        + " --restart-window 2m --recorder on --recorder-ring 8k --recorder-claims 64"
                        + " --recorder-dir /mem --autopsies 4 --archive on --cache-dir /cache"))
                .isEqualTo(expected);
        assertThat(parse("--recorder off").recorder()).isFalse();
        assertThat(parse("--archive off").archive()).isFalse();
        assertThat(parse("--recorder-ring 8k").recorderOptions()).isEqualTo(new RecorderOptions(1024, 8192));
        assertThat(parse("--hang-timeout 0s --patience 0s").hangTimeoutNanos()).isZero();
    }

    @Test
    void grace_that_was_not_given_is_never_longer_than_the_run_limit() {
        assertThat(parse("--run-timeout 500ms").graceNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(parse("--run-timeout 30s").graceNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(2));
        assertThat(parse("--run-timeout 500ms --grace 100ms").graceNanos())
                .isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }
}
