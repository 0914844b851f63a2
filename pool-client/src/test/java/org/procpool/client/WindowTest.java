package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.SubmitFrame;

/** What is in flight, what waits, and what happens when neither has room. */
class WindowTest extends ClientTest {

    private final BlockingQueue<SubmitFrame> seen = new LinkedBlockingQueue<>();
    private final Semaphore answers = new Semaphore(0);

    /** Reads on one thread and answers on this one, one task for each permit. */
    private void answerWhenTold(Peer peer) throws IOException {
        BlockingQueue<SubmitFrame> unanswered = new LinkedBlockingQueue<>();
        Thread reader = new Thread(() -> {
            try {
                while (true) {
                    SubmitFrame submit = peer.readSubmit();
                    unanswered.add(submit);
                    seen.add(submit);
                }
            } catch (IOException e) {
                answers.release(1_000_000);
            }
        });
        reader.start();
        try {
            while (reader.isAlive()) {
                answers.acquire();
                SubmitFrame next = unanswered.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    peer.accept(next);
                    peer.succeed(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitSeen(int count) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> seen.size() >= count);
        Awaitility.await()
                .during(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(10))
                .until(() -> seen.size() == count);
    }

    @Test
    void never_has_more_tasks_in_flight_than_granted() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome(3, 1 << 20);
            answerWhenTold(peer);
        });
        List<CompletableFuture<TaskResult>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            results.add(client.submit("echo", HI));
        }
        awaitSeen(3);
        answers.release(2);
        awaitSeen(5);
        answers.release(100);
        for (CompletableFuture<TaskResult> result : results) {
            assertThat(get(result).succeeded()).isTrue();
        }
    }

    @Test
    void never_has_more_bytes_in_flight_than_granted_but_for_one_large_task() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome(100, 1_000);
            answerWhenTold(peer);
        });
        Payload large = Payload.of(new byte[5_000]);
        Payload small = Payload.of(new byte[400]);
        CompletableFuture<TaskResult> first = client.submit("echo", large);
        for (int i = 0; i < 3; i++) {
            assertThat(client.submit("echo", small)).isNotDone();
        }
        awaitSeen(1);
        answers.release(1);
        assertThat(get(first).succeeded()).isTrue();
        awaitSeen(3);
        answers.release(1);
        awaitSeen(4);
    }

    @Test
    void fails_with_the_numbers_when_the_queue_is_full_and_it_must_not_wait() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            answerWhenTold(peer);
        });
        PoolClient client =
                closedLater(to(server).queueLimit(2, 1 << 20).waitForRoom(false).connect());
        CompletableFuture<TaskResult> first = client.submit("echo", HI);
        awaitSeen(1);
        CompletableFuture<TaskResult> second = client.submit("echo", HI);
        CompletableFuture<TaskResult> third = client.submit("echo", HI);
        ClientException failure = catchThrowableOfType(ClientException.class, () -> client.submit("echo", HI));
        assertThat(failure.code()).isEqualTo(ClientException.QUEUE_FULL);
        assertThat(failure).hasMessageContaining("2 tasks and 4 bytes wait already, the limits are 2 and 1048576");
        answers.release(10);
        for (CompletableFuture<TaskResult> result : List.of(first, second, third)) {
            assertThat(get(result).succeeded()).isTrue();
        }
    }

    @Test
    void waits_for_room_when_the_queue_is_full() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            answerWhenTold(peer);
        });
        PoolClient client = closedLater(to(server).queueLimit(2, 1 << 20).connect());
        CompletableFuture<List<TaskResult>> all = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            List<CompletableFuture<TaskResult>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                results.add(client.submit("echo", HI));
            }
            all.complete(results.stream().map(CompletableFuture::join).toList());
        });
        caller.start();
        awaitSeen(1);
        Awaitility.await().until(() -> caller.getState() == Thread.State.WAITING);
        answers.release(10);
        assertThat(get(all)).hasSize(6).allMatch(TaskResult::succeeded);
        caller.join();
    }

    @Test
    void stops_waiting_for_room_when_it_is_interrupted() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            answerWhenTold(peer);
        });
        PoolClient client = closedLater(to(server).queueLimit(1, 1 << 20).connect());
        List<CompletableFuture<TaskResult>> taken = List.of(client.submit("echo", HI), client.submit("echo", HI));
        awaitSeen(1);
        Thread.currentThread().interrupt();
        ClientException failure = catchThrowableOfType(ClientException.class, () -> client.submit("echo", HI));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(ClientException.INTERRUPTED);
        assertThat(taken).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void answers_deadlines_and_refuses_when_the_server_does_not_even_read() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome();
            answers.acquireUninterruptibly();
        });
        PoolClient client = closedLater(
                to(server).queueLimit(10, 100 << 20).waitForRoom(false).connect());
        TaskRequest request = TaskRequest.of("echo", Payload.of(new byte[Peer.PAYLOAD_BYTES_MAX]))
                .withDeadline(Duration.ofMillis(300));
        List<CompletableFuture<TaskResult>> results = new ArrayList<>();
        ClientException full = null;
        for (int i = 0; i < 200 && full == null; i++) {
            try {
                results.add(client.submit(request));
            } catch (ClientException e) {
                full = e;
            }
        }
        assertThat(full).isNotNull();
        assertThat(results).hasSizeGreaterThanOrEqualTo(10);
        for (CompletableFuture<TaskResult> result : results) {
            assertThat(get(result).outcome()).isIn(OutcomeKind.EXPIRED, OutcomeKind.UNKNOWN);
        }
        answers.release();
    }
}
