package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.ServerPongFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;

class SubmitTest extends ClientTest {

    @Test
    void carries_all_of_a_request_and_all_of_a_result() throws Exception {
        CompletableFuture<SubmitFrame> seen = new CompletableFuture<>();
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            seen.complete(submit);
            peer.accept(submit);
            peer.succeed(submit);
            peer.readToEnd();
        });
        TaskResult result = get(client.submit(TaskRequest.of("echo", HI)
                .withPriority(9)
                .withTtl(Duration.ofSeconds(2))
                .withRunTimeout(Duration.ofNanos(1))
                .withMaxAttempts(3)));
        assertThat(get(seen)).isEqualTo(new SubmitFrame(1, "echo", 9, 2_000, 1, 3, false, HI));
        assertThat(result)
                .isEqualTo(new TaskResult(Peer.FIRST_ID + 1, OutcomeKind.SUCCEEDED, 2, 4321, 1, 15, 80, null, HI));
    }

    @Test
    void refuses_a_request_that_no_service_could_take() {
        TaskRequest request = TaskRequest.of("echo", HI);
        assertThatIllegalArgumentException().isThrownBy(() -> TaskRequest.of("", HI));
        assertThatIllegalArgumentException().isThrownBy(() -> request.withPriority(10));
        assertThatIllegalArgumentException().isThrownBy(() -> request.withMaxAttempts(0));
        assertThatIllegalArgumentException().isThrownBy(() -> request.withTtl(Duration.ofMillis(-1)));
    }

    @Test
    void matches_each_result_to_its_task_when_many_threads_submit() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome(50, 1 << 20);
            peer.echo();
        });
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<CompletableFuture<Void>> callersDone = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                String prefix = caller + ":";
                callersDone.add(CompletableFuture.runAsync(() -> submitMany(client, prefix), callers));
            }
            get(CompletableFuture.allOf(callersDone.toArray(CompletableFuture[]::new)));
        } finally {
            callers.shutdownNow();
        }
    }

    private static void submitMany(PoolClient client, String prefix) {
        List<CompletableFuture<TaskResult>> results = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            results.add(client.submit("echo", Payload.of(prefix + i)));
        }
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).join().payload().text()).isEqualTo(prefix + i);
        }
    }

    @Test
    void reads_results_when_they_come_byte_by_byte_and_out_of_order() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame first = peer.readSubmit();
            SubmitFrame second = peer.readSubmit();
            peer.trickle(Peer.bytes(
                    new AcceptedFrame(first.correlation(), 77, 1),
                    Peer.result(second, OutcomeKind.SUCCEEDED, null),
                    Peer.result(first, OutcomeKind.FAILED, TaskError.of("E", "no"))));
            peer.readToEnd();
        });
        CompletableFuture<TaskResult> first = client.submit("echo", HI);
        CompletableFuture<TaskResult> second = client.submit("echo", Payload.of("second"));
        assertThat(get(second).payload().text()).isEqualTo("second");
        assertEnds(first, OutcomeKind.FAILED, "E");
    }

    @Test
    void carries_a_payload_of_every_byte_and_one_larger_than_the_buffers() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.echo();
        });
        byte[] bytes = new byte[Peer.PAYLOAD_BYTES_MAX];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(get(client.submit("echo", Payload.of(bytes))).payload().bytes())
                .isEqualTo(bytes);
        assertThat(get(client.submit("echo", Payload.EMPTY)).payload()).isEqualTo(Payload.EMPTY);
    }

    @Test
    void rejects_a_payload_over_the_limit_before_it_is_sent() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.echo();
        });
        Payload large = Payload.of(new byte[Peer.PAYLOAD_BYTES_MAX + 1]);
        CompletableFuture<TaskResult> result = client.submit("echo", large);
        assertEnds(result, OutcomeKind.REJECTED, TaskResult.PAYLOAD_TOO_LARGE);
        assertThat(Objects.requireNonNull(get(result).error()).message())
                .contains("1048577")
                .contains("1048576");
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
    }

    @Test
    void tells_the_ids_of_a_run_that_was_accepted_at_once() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readSubmit();
            peer.readSubmit();
            SubmitFrame last = peer.readSubmit();
            peer.send(new AcceptedFrame(last.correlation() - 2, 50, 2));
            peer.readToEnd();
        });
        List<Submission> submissions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            submissions.add(client.start(TaskRequest.of("echo", HI)));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(get(submissions.get(i).accepted())).isEqualTo(50 + i);
        }
    }

    @Test
    void fails_the_id_when_the_task_is_rejected() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            peer.send(Peer.result(submit, OutcomeKind.REJECTED, TaskError.of("UNKNOWN_TASK", "no task 'x'")));
            peer.readToEnd();
        });
        Submission submission = client.start(TaskRequest.of("x", HI));
        assertEnds(submission.result(), OutcomeKind.REJECTED, "UNKNOWN_TASK");
        ExecutionException failure = catchThrowableOfType(ExecutionException.class, () -> get(submission.accepted()));
        assertThat(failure).hasCauseInstanceOf(TaskFailedException.class).hasMessageContaining("no task 'x'");
    }

    @Test
    void detaches_a_task_and_frees_its_place_in_the_window() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome(1, 1 << 20);
            SubmitFrame detached = peer.readSubmit();
            assertThat(detached.detach()).isTrue();
            peer.accept(detached);
            peer.echo();
        });
        assertThat(get(client.detach(TaskRequest.of("echo", HI)))).isEqualTo(Peer.FIRST_ID + 1);
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
    }

    @Test
    void reports_progress_and_survives_a_listener_that_throws() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            peer.accept(submit);
            peer.send(new ProgressFrame(submit.correlation(), Peer.FIRST_ID + 1, 0.25, "a quarter"));
            peer.send(new ProgressFrame(submit.correlation(), Peer.FIRST_ID + 1, 0.5, "half"));
            peer.succeed(submit);
            peer.readToEnd();
        });
        ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
        Submission submission = client.start(TaskRequest.of("echo", HI), (id, fraction, note) -> {
            notes.add(id + " " + fraction + " " + note);
            throw new IllegalStateException("thrown on purpose");
        });
        assertThat(get(submission.result()).succeeded()).isTrue();
        assertThat(notes).containsExactly("1001 0.25 a quarter", "1001 0.5 half");
    }

    @Test
    void completes_futures_on_the_executor_when_there_is_one() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(main -> new Thread(main, "elsewhere"));
        CountDownLatch waits = new CountDownLatch(1);
        try {
            FakeServer server = serve((peer, number) -> {
                peer.welcome();
                SubmitFrame submit = peer.readSubmit();
                await(waits);
                peer.accept(submit);
                peer.succeed(submit);
                peer.readToEnd();
            });
            PoolClient client = closedLater(to(server).executor(executor).connect());
            CompletableFuture<String> place = client.submit("echo", HI)
                    .thenApply(result -> Thread.currentThread().getName());
            waits.countDown();
            assertThat(get(place)).isEqualTo("elsewhere");
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void asks_for_status_and_outcome_and_pings() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            QueryFrame query = peer.read(QueryFrame.class);
            peer.send(new TaskStatusFrame(query.correlation(), query.taskId(), TaskState.RUNNING, "on worker 3"));
            query = peer.read(QueryFrame.class);
            SubmitFrame kept = new SubmitFrame(query.correlation(), "echo", 4, 0, 0, 1, true, HI);
            peer.succeed(kept);
            ClientCancelFrame cancel = peer.read(ClientCancelFrame.class);
            peer.send(new TaskStatusFrame(cancel.correlation(), cancel.taskId(), TaskState.GONE, ""));
            peer.send(new ServerPongFrame(peer.read(ClientPingFrame.class).nonce()));
            peer.readToEnd();
        });
        assertThat(get(client.query(5, Duration.ZERO)))
                .isEqualTo(new TaskStatus(5, TaskState.RUNNING, "on worker 3", null));
        TaskStatus finished = get(client.query(6, Duration.ofSeconds(1)));
        assertThat(finished.state()).isEqualTo(TaskState.FINISHED);
        assertThat(Objects.requireNonNull(finished.result()).payload()).isEqualTo(HI);
        assertThat(get(client.cancel(7)).state()).isEqualTo(TaskState.GONE);
        assertThat(get(client.ping())).isPositive();
    }

    @Test
    void calls_with_values_of_java() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame add = peer.readSubmit();
            assertThat(add.payload().text()).isEqualTo("{\"a\":10,\"b\":20}");
            peer.accept(add);
            peer.succeed(new SubmitFrame(add.correlation(), "add", 4, 0, 0, 1, false, Payload.of("30")));
            SubmitFrame failing = peer.readSubmit();
            peer.accept(failing);
            peer.send(Peer.result(failing, OutcomeKind.FAILED, TaskError.of("ArithmeticException", "/ by zero")));
            peer.readToEnd();
        });
        record Numbers(int a, int b) {}
        assertThat(get(client.call("add", new Numbers(10, 20), Integer.class))).isEqualTo(30);
        ExecutionException failure = catchThrowableOfType(
                ExecutionException.class, () -> get(client.call("divide", new Numbers(1, 0), Integer.class)));
        assertThat(failure)
                .hasCauseInstanceOf(TaskFailedException.class)
                .hasMessageContaining("task 'divide' za ended FAILED: ArithmeticException: / by zero");
    }

    @Test
    void tells_the_report_of_the_worker_that_was_lost() throws Exception {
        TaskError error = new TaskError("SIGKILL", "worker w1.1 died", "", "last words", "worker w1.1 left\n");
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            peer.accept(submit);
            peer.send(Peer.result(submit, OutcomeKind.WORKER_LOST, error));
            peer.readToEnd();
        });
        assertThat(get(client.submit(TaskRequest.of("halt", HI))).error()).isEqualTo(error);
    }

    @Test
    void ignores_answers_that_nobody_asked_for() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            SubmitFrame other = new SubmitFrame(999, "x", 4, 0, 0, 1, false, HI);
            peer.succeed(other);
            peer.send(new ServerPongFrame(3), new TaskStatusFrame(3, 3, TaskState.GONE, ""));
            peer.succeed(submit);
            peer.succeed(submit);
            peer.echo();
        });
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
    }

    @Test
    void fails_instead_of_waiting_when_its_own_thread_finds_the_queue_full() throws Exception {
        CountDownLatch filled = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            SubmitFrame submit = peer.readSubmit();
            await(filled);
            peer.send(new ProgressFrame(submit.correlation(), 1, 0, ""));
            await(told);
            peer.succeed(submit);
            peer.echo();
        });
        PoolClient client = closedLater(to(server).queueLimit(1, 1 << 20).connect());
        CompletableFuture<ClientException> refused = new CompletableFuture<>();
        Submission first = client.start(TaskRequest.of("echo", HI), (id, fraction, note) -> {
            try {
                refused.completeExceptionally(new AssertionError("taken: " + client.submit("echo", HI)));
            } catch (ClientException e) {
                refused.complete(e);
            }
        });
        CompletableFuture<TaskResult> second = client.submit("echo", HI);
        filled.countDown();
        assertThat(get(refused).code()).isEqualTo(ClientException.QUEUE_FULL);
        told.countDown();
        assertThat(get(first.result()).succeeded()).isTrue();
        assertThat(get(second).succeeded()).isTrue();
    }
}
