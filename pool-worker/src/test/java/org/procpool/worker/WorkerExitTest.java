package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procpool.worker.FakeSupervisor.task;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.WorkerResultFrame;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerExitTest {

    private final Path directory;

    WorkerExitTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void drain_answers_what_was_sent_before_and_ends_with_0() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, "echo", Payload.EMPTY), task(2, "echo", Payload.EMPTY), EmptyFrame.DRAIN);

            assertThat(supervisor.data().readResult().dispatch()).isEqualTo(1);
            assertThat(supervisor.data().readResult().dispatch()).isEqualTo(2);
            assertThat(supervisor.exitCode()).isZero();
            assertThat(supervisor.stderr()).isEmpty();
        }
    }

    @Test
    void a_worker_that_asked_for_its_replacement_runs_nothing_more_until_drain() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, "retire", Payload.EMPTY), task(2, "exit", Payload.of("1")));
            WorkerResultFrame result = supervisor.data().readResult();
            assertThat(result.dispatch()).isEqualTo(1);
            assertThat(result.retire()).isTrue();
            supervisor.data().send(task(3, "exit", Payload.of("1")), EmptyFrame.DRAIN);

            assertThat(supervisor.exitCode()).isZero();
            assertThat(supervisor.data().receive().hasRemaining()).isFalse();
        }
    }

    @Test
    void drain_ends_with_0_when_a_shutdown_hook_sleeps_for_ever() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.run(1, "endless-hook", Payload.EMPTY);
            long startNanos = System.nanoTime();

            supervisor.data().send(EmptyFrame.DRAIN);

            assertThat(supervisor.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void drain_ends_with_0_when_the_supervisor_hangs_up_during_the_hooks() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.run(1, "endless-hook", Payload.EMPTY);
            supervisor.data().send(task(2, "echo", Payload.EMPTY), EmptyFrame.DRAIN);
            supervisor.data().readResult();
            assertThat(supervisor.process().waitFor(300, TimeUnit.MILLISECONDS)).isFalse();

            supervisor.control().close();

            assertThat(supervisor.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spin", "wait"})
    void the_end_of_the_control_socket_ends_a_worker_in_any_handler(String name) throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, name, Payload.EMPTY));

            supervisor.control().close();

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.SUPERVISOR_GONE);
        }
    }

    @Test
    void the_end_of_the_data_socket_ends_an_idle_worker() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().close();

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.SUPERVISOR_GONE);
        }
    }

    @Test
    void the_end_of_the_control_socket_ends_a_worker_that_was_never_welcomed() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).launch()) {
            supervisor.acceptBoth();

            supervisor.control().close();

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.SUPERVISOR_GONE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 143})
    void system_exit_in_a_handler_ends_the_worker_with_that_code(int code) throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, "exit", Payload.of(String.valueOf(code))));

            assertThat(supervisor.exitCode()).isEqualTo(code);
        }
    }

    @Test
    void system_exit_does_not_hang_in_a_shutdown_hook() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.run(1, "endless-hook", Payload.EMPTY);

            supervisor.data().send(task(2, "exit", Payload.of("7")));

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.HOOKS_STUCK);
        }
    }

    @Test
    void a_shortage_of_memory_is_reported_and_ends_the_worker() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            WorkerResultFrame result = supervisor.run(1, "out-of-memory", Payload.EMPTY);

            assertThat(result.errorType()).isEqualTo("java.lang.OutOfMemoryError");
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.OUT_OF_MEMORY);
            assertThat(supervisor.stderr()).contains("out of memory: task 1001 (out-of-memory, attempt 1)");
        }
    }

    @Test
    void a_shortage_of_memory_has_the_same_exit_code_when_java_notices_it() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory)
                .withJvmOption("-XX:+ExitOnOutOfMemoryError")
                .boot()) {
            supervisor.data().send(task(1, "out-of-memory", Payload.EMPTY));

            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.OUT_OF_MEMORY);
        }
    }
}
