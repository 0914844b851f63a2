package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procpool.worker.FakeSupervisor.task;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.OutputMark;
import org.procpool.proto.Payload;
import org.procpool.proto.PingFrame;
import org.procpool.proto.PongFrame;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.TaskNames;
import org.procpool.proto.WorkerProgressFrame;
import org.procpool.proto.WorkerResultFrame;

/** Tasks that leave their worker alive, so one worker serves all of these tests. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WorkerTaskTest {

    private final Path directory;
    private final FakeSupervisor supervisor;
    private long dispatch;

    WorkerTaskTest(@TempDir Path directory) throws Exception {
        this.directory = directory;
        this.supervisor = new FakeSupervisor(directory).boot();
    }

    @AfterAll
    void endWorker() throws Exception {
        supervisor.close();
    }

    private WorkerResultFrame run(String name, Payload payload) throws Exception {
        return supervisor.run(++dispatch, name, payload);
    }

    @Test
    void bytes_of_every_value_come_back_exactly() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        WorkerResultFrame result = run("echo", Payload.of(bytes));

        assertThat(result.failed()).isFalse();
        assertThat(result.payload().bytes()).isEqualTo(bytes);
        assertThat(result.runNanos()).isPositive();
        assertThat(result.retire()).isFalse();
    }

    @Test
    void a_probe_comes_back_as_it_was() throws Exception {
        WorkerResultFrame result = run(TaskNames.PROBE, Payload.of("probe"));

        assertThat(result.failed()).isFalse();
        assertThat(result.payload().text()).isEqualTo("probe");
    }

    @Test
    void large_payloads_pass_both_ways_and_small_ones_after_them() throws Exception {
        byte[] bytes = new byte[32 << 20];
        new Random(1).nextBytes(bytes);

        assertThat(run("echo", Payload.of(bytes)).payload().bytes()).isEqualTo(bytes);
        assertThat(run("echo", Payload.of("small")).payload().text()).isEqualTo("small");
    }

    @Test
    void a_null_result_is_an_empty_payload() throws Exception {
        WorkerResultFrame result = run("null", Payload.of("x"));

        assertThat(result.failed()).isFalse();
        assertThat(result.payload().size()).isZero();
    }

    @Test
    void a_typed_handler_reads_and_writes_json() throws Exception {
        assertThat(run("add", Payload.of("{\"a\":10,\"b\":20}")).payload().text())
                .isEqualTo("30");
    }

    @Test
    void a_typed_handler_refuses_what_is_not_its_input() throws Exception {
        WorkerResultFrame result = run("add", Payload.of("{\"a\":10}"));

        assertThat(result.failed()).isTrue();
        assertThat(result.errorType()).isEqualTo("org.procpool.codec.CodecException");
        assertThat(result.errorMessage()).contains("sum");
    }

    @Test
    void a_typed_handler_cannot_return_a_function() throws Exception {
        WorkerResultFrame result = run("unsendable", Payload.of("{\"a\":1,\"b\":2}"));

        assertThat(result.failed()).isTrue();
        assertThat(result.errorMessage()).contains("unsendable.callback");
    }

    @Test
    void a_failure_has_type_message_and_stack_with_causes() throws Exception {
        WorkerResultFrame result = run("throw", Payload.EMPTY);

        assertThat(result.failed()).isTrue();
        assertThat(result.errorType()).isEqualTo("java.io.IOException");
        assertThat(result.errorMessage()).isEqualTo("outer");
        assertThat(result.errorStack())
                .contains("TestHandlers")
                .contains("Caused by: java.lang.IllegalStateException: inner");
    }

    @Test
    void a_failure_has_what_its_task_has_printed_and_no_other() throws Exception {
        run("print", Payload.of("of another task"));

        assertThat(run("print-and-throw", Payload.of("größer\n")).outputTail()).isEqualTo("größer\nand an error");
        assertThat(run("throw", Payload.EMPTY).outputTail()).isEmpty();
    }

    @Test
    void only_the_last_of_a_long_output_comes_with_the_failure() throws Exception {
        String tail = run("print-and-throw", Payload.of("line of output\n".repeat(10_000)))
                .outputTail();

        assertThat(tail).startsWith("… line of output\n").endsWith("line of output\nand an error");
        assertThat(tail.length()).isBetween(8_000, 8 * 1024);
    }

    @Test
    void output_that_is_no_text_fits_the_frame_too() throws Exception {
        String tail =
                run("print-and-throw", Payload.of("\uFFFD".repeat(10_000))).outputTail();

        assertThat(tail.getBytes(StandardCharsets.UTF_8).length).isBetween(7_000, 8 * 1024 + 3);
    }

    @Test
    void output_says_which_task_it_belongs_to() throws Exception {
        WorkerResultFrame printed = run("print", Payload.of("no end of line"));

        String mark = new String(OutputMark.begin(1_000 + printed.dispatch(), "print"), StandardCharsets.UTF_8);
        String end = new String(OutputMark.end(), StandardCharsets.UTF_8);
        assertThat(Files.readString(directory.resolve("stdout"))).contains(mark + "no end of line\n" + end);
    }

    @ParameterizedTest
    @CsvSource({
        "throw-hostile, getMessage() failed with java.lang.IllegalStateException",
        "throw-linkage, gone/Missing",
        "throw-assertion, not so",
        "overflow, ''",
        "throw-endless, ''",
        "no-such-task, no-such-task"
    })
    void any_throwable_is_a_failure_and_the_worker_lives_on(String name, String message) throws Exception {
        WorkerResultFrame result = run(name, Payload.EMPTY);

        assertThat(result.failed()).isTrue();
        assertThat(result.errorMessage()).contains(message);
        assertThat(result.errorStack()).isNotEmpty().hasSizeLessThan(ErrorText.STACK_CHARS_MAX + 100);
        assertThat(run("echo", Payload.of("x")).failed()).isFalse();
    }

    @Test
    void a_result_over_the_limit_is_a_failure_with_size_and_limit() throws Exception {
        int size = FakeSupervisor.PAYLOAD_BYTES_MAX + 1;

        WorkerResultFrame result = run("sized", Payload.of(String.valueOf(size)));

        assertThat(result.failed()).isTrue();
        assertThat(result.errorType()).isEqualTo("PayloadTooLarge");
        assertThat(result.errorMessage()).contains(size + " bytes").contains("limit is " + (size - 1));
    }

    @Test
    void a_batch_is_answered_in_order() throws Exception {
        Frame[] batch = new Frame[2_000];
        long first = dispatch + 1;
        for (int i = 0; i < batch.length; i++) {
            batch[i] = task(++dispatch, "echo", Payload.of("p" + i));
        }

        supervisor.data().send(batch);

        for (int i = 0; i < batch.length; i++) {
            WorkerResultFrame result = supervisor.data().readResult();
            assertThat(result.dispatch()).isEqualTo(first + i);
            assertThat(result.payload().text()).isEqualTo("p" + i);
        }
    }

    @Test
    void a_finished_result_does_not_wait_behind_a_long_task_of_its_batch() throws Exception {
        long quick = ++dispatch;
        long slow = ++dispatch;

        supervisor.data().send(task(quick, "echo", Payload.EMPTY), task(slow, "wait", Payload.EMPTY));

        assertThat(supervisor.data().readResult().dispatch()).isEqualTo(quick);
        supervisor.control().send(new CancelFrame(slow));
        assertThat(supervisor.data().readResult().dispatch()).isEqualTo(slow);
    }

    @Test
    void the_context_tells_what_the_supervisor_sent() throws Exception {
        supervisor.data().send(new TaskFrame(++dispatch, 77, 3, "describe", 3_600_000, Payload.EMPTY));

        assertThat(supervisor.data().readResult().payload().text())
                .startsWith("task=77 attempt=3 remaining=Optional[PT59M")
                .endsWith("cancelled=false max=" + FakeSupervisor.PAYLOAD_BYTES_MAX
                        + " stdin=0 loader=true name=handlers");
    }

    @Test
    void progress_arrives_while_the_task_runs() throws Exception {
        long reported = ++dispatch;
        supervisor.data().send(task(reported, "progress", Payload.EMPTY));

        assertThat(supervisor.data().read()).isEqualTo(new WorkerProgressFrame(reported, 0.25, "a quarter"));

        supervisor.control().send(new CancelFrame(reported));
        assertThat(supervisor.data().readResult().errorType()).isEqualTo("java.lang.InterruptedException");
    }

    @Test
    void progress_keeps_the_interrupt_for_the_handler() throws Exception {
        assertThat(run("progress-interrupted", Payload.EMPTY).payload().text()).isEqualTo("kept");
        assertThat(run("is-interrupted", Payload.EMPTY).payload().text()).isEqualTo("calm");
    }

    @Test
    void a_timer_of_a_handler_interrupts_neither_the_next_task_nor_the_socket() throws Exception {
        run("interrupt-later", Payload.EMPTY);

        String interrupting;
        do {
            WorkerResultFrame result = run("interrupts-go-on", Payload.EMPTY);
            assertThat(result.failed()).isFalse();
            interrupting = result.payload().text();
        } while (interrupting.equals("true"));
    }

    @Test
    void a_handler_that_interrupts_every_thread_does_not_cut_the_sockets() throws Exception {
        run("interrupt-everything", Payload.EMPTY);

        supervisor.control().send(new PingFrame(5));
        assertThat(supervisor.control().read()).isEqualTo(new PongFrame(5));
        assertThat(run("is-interrupted", Payload.EMPTY).payload().text()).isEqualTo("calm");
    }

    @Test
    void the_scratch_directory_is_gone_after_the_task() throws Exception {
        Path first = Path.of(run("scratch", Payload.EMPTY).payload().text());
        Path second = Path.of(run("scratch", Payload.EMPTY).payload().text());

        assertThat(first).startsWithRaw(directory).isNotEqualTo(second);
        assertThat(Files.exists(first)).isFalse();
        assertThat(Files.exists(second)).isFalse();
    }

    @Test
    void the_logger_prints_to_standard_error() throws Exception {
        run("log", Payload.of("12345"));

        assertThat(supervisor.stderr())
                .contains("INFO log: seen 5 bytes")
                .contains("WARNING log: with stack")
                .contains("java.io.IOException: broken pipe")
                .doesNotContain("not shown");
    }

    @Test
    void output_of_a_handler_does_not_touch_the_protocol() throws Exception {
        assertThat(run("flood", Payload.of("10")).payload().text()).isEqualTo("10");
        assertThat(Files.size(directory.resolve("stdout"))).isGreaterThanOrEqualTo(10 << 20);
    }

    @Test
    void a_ping_is_answered_while_a_task_runs() throws Exception {
        long running = ++dispatch;
        supervisor.data().send(task(running, "wait", Payload.EMPTY));

        supervisor.control().send(new PingFrame(42));
        assertThat(supervisor.control().read()).isEqualTo(new PongFrame(42));

        supervisor.control().send(new CancelFrame(running));
        assertThat(supervisor.data().readResult().failed()).isTrue();
    }
}
