package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.SubmitFrame;

class CloseTest extends ClientTest {

    @Test
    void waits_for_results_and_leaves_no_thread() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            peer.echo();
        });
        CompletableFuture<TaskResult> last;
        try (PoolClient client = to(server).closeTimeout(Duration.ofSeconds(10)).connect()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.submit("echo", HI)).isNotNull();
            }
            last = client.submit(TaskRequest.of("echo", HI).withDeadline(Duration.ofMinutes(1)));
        }
        assertThat(last).isDone();
        assertThat(last.join().succeeded()).isTrue();
        assertThat(threads()).isEmpty();
    }

    @Test
    void ends_everything_when_results_do_not_come_in_time() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            peer.accept(peer.readSubmit());
            read.countDown();
            peer.readToEnd();
        });
        PoolClient client =
                closedLater(to(server).closeTimeout(Duration.ofMillis(50)).connect());
        Submission sent = client.start(TaskRequest.of("echo", HI));
        assertThat(get(sent.accepted())).isNotNull();
        await(read);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        client.close();
        assertEnds(sent.result(), OutcomeKind.UNKNOWN, TaskResult.LOST_AFTER_ACCEPTED);
        assertEnds(waiting, OutcomeKind.REJECTED, TaskResult.CLIENT_CLOSED);
        assertThat(threads()).isEmpty();
        ClientException late = catchThrowableOfType(ClientException.class, () -> client.submit("echo", HI));
        assertThat(late.code()).isEqualTo(ClientException.CLOSED);
        client.close();
    }

    @Test
    void may_be_closed_by_a_callback() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            peer.accept(submit);
            peer.succeed(submit);
            peer.readToEnd();
        });
        PoolClient client = closedLater(to(server).connect());
        get(client.submit("echo", HI).thenRun(client::close));
    }

    @Test
    void stops_trying_to_reconnect() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        FakeServer server = serve(silentAfterOne(read));
        PoolClient client = closedLater(to(server).connect());
        CompletableFuture<TaskResult> sent = client.submit("echo", HI);
        await(read);
        server.close();
        assertEnds(sent, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        client.close();
        assertEnds(waiting, OutcomeKind.REJECTED, TaskResult.CLIENT_CLOSED);
        assertThat(threads()).isEmpty();
    }

    @Test
    void waits_for_callbacks_of_a_connection_that_is_gone() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        FakeServer server = serve(silentAfterOne(read));
        PoolClient client = closedLater(to(server).connect());
        Thread closer = Thread.currentThread();
        CountDownLatch told = new CountDownLatch(1);
        CompletableFuture<Void> callback = client.submit("echo", HI).thenRun(() -> {
            told.countDown();
            Awaitility.await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        });
        await(read);
        server.close();
        await(told);
        client.close();
        assertThat(threads()).isEmpty();
        assertThat(callback).isCompleted();
    }

    @Test
    void refuses_a_task_with_a_deadline_too() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readToEnd();
        });
        client.close();
        TaskRequest late = TaskRequest.of("echo", HI).withDeadline(Duration.ofMinutes(1));
        ClientException refused = catchThrowableOfType(ClientException.class, () -> client.submit(late));
        assertThat(refused.code()).isEqualTo(ClientException.CLOSED);
        assertThat(threads()).isEmpty();
    }
}
