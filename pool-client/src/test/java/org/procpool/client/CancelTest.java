package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskError;

/** Taking tasks back and giving them up, before and after they were sent. */
class CancelTest extends ClientTest {

    private static final TaskError CANCELLED = TaskError.of("CANCELLED", "cancelled by the client");

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);

    @AfterEach
    void lets_the_script_end() {
        go.countDown();
    }

    /** Accepts one task, then ends it as cancelled when the Cancel for it comes. */
    private PoolClient cancelled(CompletableFuture<Long> cancelledId) throws Exception {
        return connect((peer, number) -> {
            peer.welcome(1, 1 << 20);
            SubmitFrame submit = peer.readSubmit();
            read.countDown();
            await(go);
            peer.accept(submit);
            cancelledId.complete(peer.read(ClientCancelFrame.class).taskId());
            peer.send(Peer.result(submit, OutcomeKind.CANCELLED, CANCELLED));
            peer.echo();
        });
    }

    @Test
    void takes_a_task_back_when_it_was_not_sent() throws Exception {
        CompletableFuture<Long> unused = new CompletableFuture<>();
        PoolClient client = cancelled(unused);
        CompletableFuture<TaskResult> first = client.submit("echo", HI);
        await(read);
        Submission waiting = client.start(TaskRequest.of("echo", HI));
        waiting.cancel();
        assertEnds(waiting.result(), OutcomeKind.CANCELLED, TaskResult.CANCELLED_LOCALLY);
        assertThat(waiting.accepted()).isCompletedExceptionally();
        assertThat(first).isNotDone();
        assertThat(unused).isNotDone();
    }

    @Test
    void sends_the_cancel_when_the_task_was_accepted() throws Exception {
        CompletableFuture<Long> cancelledId = new CompletableFuture<>();
        PoolClient client = cancelled(cancelledId);
        go.countDown();
        Submission submission = client.start(TaskRequest.of("echo", HI));
        long id = get(submission.accepted());
        submission.cancel();
        assertEnds(submission.result(), OutcomeKind.CANCELLED, "CANCELLED");
        assertThat(get(cancelledId)).isEqualTo(id);
    }

    @Test
    void sends_the_cancel_as_soon_as_it_knows_the_id() throws Exception {
        CompletableFuture<Long> cancelledId = new CompletableFuture<>();
        PoolClient client = cancelled(cancelledId);
        Submission submission = client.start(TaskRequest.of("echo", HI));
        await(read);
        submission.cancel();
        go.countDown();
        assertThat(get(cancelledId)).isEqualTo(Peer.FIRST_ID + 1);
        assertEnds(submission.result(), OutcomeKind.CANCELLED, "CANCELLED");
    }

    @Test
    void cancels_the_task_when_its_future_is_cancelled() throws Exception {
        CompletableFuture<Long> cancelledId = new CompletableFuture<>();
        PoolClient client = cancelled(cancelledId);
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        await(read);
        assertThat(result.cancel(true)).isTrue();
        go.countDown();
        assertThat(get(cancelledId)).isEqualTo(Peer.FIRST_ID + 1);
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
    }

    @Test
    void ends_unknown_and_cancels_when_the_deadline_passes_after_it_was_sent() throws Exception {
        CompletableFuture<Long> cancelledId = new CompletableFuture<>();
        PoolClient client = cancelled(cancelledId);
        // On a crowded machine a short one passes before the task was sent, which is another story.
        Duration deadline = Duration.ofMillis(50);
        CompletableFuture<TaskResult> result;
        do {
            result = client.submit(TaskRequest.of("echo", HI).withDeadline(deadline));
            deadline = deadline.multipliedBy(2);
        } while (get(result).outcome() == OutcomeKind.EXPIRED);
        assertEnds(result, OutcomeKind.UNKNOWN, TaskResult.DEADLINE);
        go.countDown();
        assertThat(get(cancelledId)).isEqualTo(Peer.FIRST_ID + 1);
    }

    @Test
    void ends_expired_when_the_deadline_passes_before_it_was_sent() throws Exception {
        CompletableFuture<Long> unused = new CompletableFuture<>();
        PoolClient client = cancelled(unused);
        CompletableFuture<TaskResult> first = client.submit("echo", HI);
        await(read);
        TaskRequest request = TaskRequest.of("echo", HI).withDeadline(Duration.ofMillis(50));
        assertEnds(client.submit(request), OutcomeKind.EXPIRED, TaskResult.DEADLINE);
        assertThat(first).isNotDone();
    }

    @Test
    void makes_room_when_many_that_wait_are_taken_back() throws Exception {
        CompletableFuture<Long> unused = new CompletableFuture<>();
        FakeServer server = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            SubmitFrame first = peer.readSubmit();
            await(go);
            peer.accept(first);
            peer.succeed(first);
            peer.echo();
        });
        PoolClient client = closedLater(
                to(server).queueLimit(500, 1 << 20).waitForRoom(false).connect());
        CompletableFuture<TaskResult> first = client.submit("echo", HI);
        for (int round = 0; round < 10; round++) {
            List<Submission> waiting = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                waiting.add(client.start(TaskRequest.of("echo", HI)));
            }
            waiting.forEach(Submission::cancel);
            for (Submission submission : waiting) {
                assertEnds(submission.result(), OutcomeKind.CANCELLED, TaskResult.CANCELLED_LOCALLY);
            }
        }
        CompletableFuture<TaskResult> last = client.submit("echo", HI);
        go.countDown();
        assertThat(get(first).succeeded()).isTrue();
        assertThat(get(last).taskId()).isEqualTo(Peer.FIRST_ID + 2);
        assertThat(unused).isNotDone();
    }
}
