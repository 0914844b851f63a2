package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskFailedException;
import org.procpool.client.TaskResult;
import org.procpool.codec.CodecException;
import org.procpool.codec.JsonCodec;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.task.Autopsy;

/** What the project set out to do, each as a test of its own: calls, errors, events, and values that cannot travel. */
@ExtendWith(LeakCheck.class)
class LessonTest {

    record Echoed(String message, long pid) {}

    // ---- calls

    @Test
    void echo_answers_from_another_process() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            TaskResult result = Eventually.value(client.submit("echo-pid", Payload.of("hello")));
            Echoed echoed = JsonCodec.decode(result.payload(), Echoed.class);
            assertThat(echoed.message()).isEqualTo("hello");
            assertThat(echoed.pid())
                    .isEqualTo(result.workerPid())
                    .isNotEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void caller_stays_responsive_while_fib_35_is_computed() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            CompletableFuture<TaskResult> fib = client.submit("fib", Payload.of("35"));
            int answered = 0;
            while (!fib.isDone() || answered < 10) {
                Eventually.value(client.ping());
                assertThat(Eventually.value(client.submit("echo", Payload.of("x")))
                                .succeeded())
                        .isTrue();
                answered++;
            }
            assertThat(Eventually.value(fib).payload().text()).isEqualTo("9227465");
        }
    }

    @Test
    void add_and_multiply_take_and_give_numbers() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            Map<String, Integer> operands = Map.of("a", 10, "b", 20);
            assertThat(Eventually.value(client.call("add", operands, Long.class)))
                    .isEqualTo(30);
            assertThat(Eventually.value(client.call("multiply", operands, Long.class)))
                    .isEqualTo(200);
        }
    }

    @Test
    void uppercase_and_reverse_take_and_give_text() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            assertThat(Eventually.value(client.submit("uppercase", Payload.of("größe")))
                            .payload()
                            .text())
                    .isEqualTo("GRÖSSE");
            assertThat(Eventually.value(client.submit("reverse", Payload.of("hello")))
                            .payload()
                            .text())
                    .isEqualTo("olleh");
        }
    }

    @Test
    void unknown_method_is_an_error_and_not_silence() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            TaskResult result = Eventually.value(client.submit("divide", Payload.of("1")));
            assertThat(result.outcome()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(result.error().type()).isEqualTo("UNKNOWN_TASK");
            assertThat(result.error().message()).contains("divide");
            assertThatThrownBy(() -> Eventually.value(client.call("divide", 1, Long.class)))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TaskFailedException.class);
        }
    }

    @Test
    void error_in_a_task_comes_back_with_type_message_and_stack() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            TaskResult result = Eventually.value(client.submit("fib", Payload.of("minus one")));
            assertThat(result.outcome()).isEqualTo(OutcomeKind.FAILED);
            assertThat(result.error().type()).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(result.error().message()).contains("whole number");
            assertThat(result.error().stack()).contains("org.procpool.samples.Fib");
        }
    }

    // ---- events of a worker's life

    @Test
    void life_of_a_worker_is_told_in_order() throws Exception {
        Events events = new Events();
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1), events)) {
            assertThat(Pools.run(pool, "signal", "KILL").kind()).isEqualTo(OutcomeKind.WORKER_LOST);
            Eventually.until("its successor is ready", () -> events.ready.size() == 2);
        }
        List<String> first = events.all.stream()
                .filter(event -> event.toString().contains("w1.1"))
                .map(event -> event.getClass().getSimpleName())
                .toList();
        assertThat(first).containsExactly("WorkerStarted", "WorkerReady", "WorkerDisconnected", "WorkerExited");
        Autopsy crash = events.exited.get(0);
        assertThat(crash.exit().name()).isEqualTo("SIGKILL");
        assertThat(crash.task()).isEqualTo("signal");
        Autopsy drained = events.exited.get(1);
        assertThat(drained.exit().code()).isZero();
        assertThat(drained.task()).isNull();
        assertThat(events.started.get(0).pid()).isEqualTo(crash.pid()).isPositive();
        assertThat(events.ready.get(0).bootMillis()).isPositive();
    }

    // ---- values that cannot be carried: refused at the caller, before anything is sent

    record Job(String name, Object step) {}

    record Node(String name, List<Object> next) {}

    /** Both ways in must refuse it alike, and neither service nor pool may notice. */
    private static void assertRefused(Object value, CodecException.Reason reason, String... told) throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withPayloadBytesMax(10_000));
                PoolClient client = server.client()) {
            List<Runnable> calls = List.of(
                    () -> client.call("echo", value, String.class),
                    () -> server.server().pool().call("echo", value, String.class));
            for (Runnable call : calls) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(CodecException.class)
                        .hasMessageContainingAll(told)
                        .satisfies(
                                e -> assertThat(((CodecException) e).reason()).isEqualTo(reason));
            }
            assertThat(server.snapshot().totals().accepted()).isZero();
            assertThat(server.snapshot().totals().rejected()).isZero();
            server.assertUnharmed();
        }
    }

    @Test
    void function_cannot_be_carried_and_the_error_names_its_field() throws Exception {
        Runnable function = () -> {};
        assertRefused(new Job("clean", function), CodecException.Reason.NOT_SERIALIZABLE, "job.step");
    }

    @Test
    void resource_cannot_be_carried_and_the_error_names_its_field_and_type() throws Exception {
        assertRefused(
                new Job("clean", List.of("fine", Thread.currentThread())),
                CodecException.Reason.NOT_SERIALIZABLE,
                "job.step[1]",
                "Thread");
    }

    @Test
    void circular_value_cannot_be_carried_and_the_error_names_the_circle() throws Exception {
        List<Object> next = new ArrayList<>();
        Node node = new Node("a", next);
        next.add(node);
        assertRefused(node, CodecException.Reason.CYCLE, "Node", "next[0]");
    }

    @Test
    void value_over_the_limit_is_refused_with_the_limit() throws Exception {
        assertRefused("x".repeat(20_000), CodecException.Reason.TOO_LARGE, "10000");
    }

    @Test
    void bytes_of_every_value_arrive_exactly() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            assertThat(Eventually.value(client.submit("echo", Payload.of(all)))
                            .payload()
                            .bytes())
                    .isEqualTo(all);
            assertThat(Eventually.value(client.call("echo", all, byte[].class))).isEqualTo(all);
        }
    }
}
