package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;

class BenchTest {

    private static final List<String> NAMES = List.of("echo", "reverse");

    @ParameterizedTest
    @CsvSource({
        "echo,100,64,1",
        "echo,0,1,1",
        "echo,7,8,3",
        "echo,8,8,1",
        "reverse,100,16,2",
        "reverse,5,4,1",
        "echo,300000,20,2"
    })
    void right_results_are_counted_and_none_is_an_error(String task, int payload, int window, int connections)
            throws Exception {
        try (FakeService service = new FakeService(
                NAMES, submit -> FakeService.succeeded(submit, result(submit.task(), submit.payload())))) {
            BenchResult result = run(quick(service)
                    .withTask(task)
                    .withPayloadBytes(payload)
                    .withWindow(window)
                    .withConnections(connections));

            assertThat(result.errorsByKind()).isEmpty();
            assertThat(result.errors()).isZero();
            assertThat(result.completed()).isPositive();
            assertThat(result.perSec()).isEqualTo(result.completed() / result.seconds());
            assertThat(result.p50Micros()).isPositive().isLessThanOrEqualTo(result.p99Micros());
            assertThat(result.p99Micros()).isLessThanOrEqualTo(result.p999Micros());
            assertThat(result.p999Micros()).isLessThanOrEqualTo(result.maxMicros());
            assertThat(result.workers()).isEqualTo(2);
        }
    }

    private static Payload result(String task, Payload payload) {
        return task.equals("echo") ? payload : reversed(payload);
    }

    private static Payload reversed(Payload payload) {
        byte[] bytes = payload.bytes();
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return Payload.of(reversed);
    }

    @Test
    void swapped_results_are_errors() throws Exception {
        // The one of the task before: right length, right letters but for the stamp.
        Payload[] before = {Payload.of("x".repeat(100))};
        try (FakeService service = new FakeService(NAMES, submit -> {
            Payload late = before[0];
            before[0] = submit.payload();
            return FakeService.succeeded(submit, late);
        })) {
            BenchResult result = run(quick(service));

            assertThat(result.completed()).isZero();
            assertThat(result.errorsByKind()).containsOnlyKeys("WRONG_RESULT");
            assertThat(result.firstError()).isEqualTo("a result is not what the task echo must give");
        }
    }

    @Test
    void short_results_are_errors() throws Exception {
        try (FakeService service =
                new FakeService(NAMES, submit -> FakeService.succeeded(submit, Payload.of(new byte[99])))) {
            assertThat(run(quick(service).withTask("reverse")).errorsByKind()).containsOnlyKeys("WRONG_RESULT");
        }
    }

    @Test
    void other_outcomes_are_counted_by_kind() throws Exception {
        try (FakeService service = new FakeService(
                NAMES,
                submit -> submit.correlation() % 10 == 0
                        ? FakeService.ended(submit, OutcomeKind.REJECTED, "the queue is full")
                        : FakeService.succeeded(submit, submit.payload()))) {
            BenchResult result = run(quick(service));

            assertThat(result.errorsByKind()).containsOnlyKeys("REJECTED");
            assertThat(result.errors())
                    .isPositive()
                    .isEqualTo(result.errorsByKind().get("REJECTED"));
            assertThat(result.completed()).isPositive();
            assertThat(result.firstError()).isEqualTo("the queue is full");
        }
    }

    @Test
    void lost_connection_ends_the_run_and_its_tasks_are_unanswered() throws Exception {
        try (FakeService service = new FakeService(
                NAMES, submit -> submit.correlation() == 50 ? null : FakeService.succeeded(submit, submit.payload()))) {
            BenchResult result =
                    Bench.run(quick(service).withWindow(1).withDuration(Duration.ofMinutes(5)), progress -> {});

            assertThat(result.errorsByKind()).containsExactly(entry("CONNECTION_LOST", 1L), entry("UNANSWERED", 1L));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void progress_is_told_through_warm_up_and_measurement(boolean warmUp) throws Exception {
        List<BenchProgress> told = new ArrayList<>();
        try (FakeService service = new FakeService(NAMES, submit -> FakeService.succeeded(submit, submit.payload()))) {
            BenchOptions options = BenchOptions.defaults(service.address())
                    .withWarmup(Duration.ofMinutes(warmUp ? 10 : 0))
                    .withDuration(Duration.ofMinutes(warmUp ? 1 : 11));
            // What is told twice has been told once and again; this thread then ends a run that would take minutes.
            assertThatThrownBy(() -> Bench.run(options, progress -> {
                        told.add(progress);
                        if (told.size() == 2) {
                            Thread.currentThread().interrupt();
                        }
                    }))
                    .isInstanceOf(InterruptedException.class);
        }

        assertThat(told).hasSize(2).allSatisfy(progress -> {
            assertThat(progress.warmingUp()).isEqualTo(warmUp);
            assertThat(progress.totalSeconds()).isEqualTo(660);
            assertThat(progress.perSec()).isPositive();
        });
    }

    @Test
    void unknown_task_is_told_with_the_names_there_are() throws Exception {
        try (FakeService service = new FakeService(NAMES, submit -> null)) {
            assertThatThrownBy(() -> Bench.run(quick(service).withTask("ecco"), progress -> {}))
                    .isInstanceOf(BenchException.class)
                    .hasMessage("the service knows no task 'ecco'; it has echo, reverse");
        }
    }

    @Test
    void payload_over_the_limit_is_told_before_anything_is_sent() throws Exception {
        try (FakeService service = new FakeService(NAMES, submit -> null)) {
            assertThatThrownBy(() -> Bench.run(quick(service).withPayloadBytes((1 << 20) + 1), progress -> {}))
                    .isInstanceOf(BenchException.class)
                    .hasMessage("payload is 1048577 bytes, the service takes 1048576 at most");
        }
    }

    @Test
    void service_that_is_not_there_is_one_clear_sentence() throws IOException {
        int port;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closedSoon.getLocalPort();
        }
        BenchOptions options = BenchOptions.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

        assertThatThrownBy(() -> Bench.run(options, progress -> {}))
                .isInstanceOf(BenchException.class)
                .hasMessageStartingWith("cannot reach a procpool service at ")
                .hasMessageContaining(":" + port)
                .hasMessageEndingWith("is it running there? Name another with --server");
    }

    @Test
    void options_out_of_range_are_told() {
        BenchOptions options = BenchOptions.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.withWindow(0))
                .withMessage("window is 0, allowed is 1 to 1048576");
        assertThatIllegalArgumentException().isThrownBy(() -> options.withConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withPayloadBytes(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withTask(""));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withDuration(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withWarmup(Duration.ofSeconds(-1)));
    }

    /** Runs it for so long that something was measured, even if the machine does something else for a while. */
    private static BenchResult run(BenchOptions options) throws Exception {
        BenchResult result = Bench.run(options, progress -> {});
        return result.completed() + result.errors() > 10
                ? result
                : run(options.withDuration(options.duration().multipliedBy(2)));
    }

    private static BenchOptions quick(FakeService service) {
        return BenchOptions.defaults(service.address())
                .withDuration(Duration.ofMillis(300))
                .withWarmup(Duration.ofMillis(50));
    }
}
