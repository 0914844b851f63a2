package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ClientPingFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.SubmitFrame;

/** Connections that end before their tasks do. */
class LossTest extends ClientTest {

    private static void echo(Peer peer) throws IOException {
        peer.welcome();
        peer.echo();
    }

    private static String message(TaskResult result) {
        return Objects.requireNonNull(result.error()).message();
    }

    @Test
    void ends_unknown_and_says_accepted_when_the_server_vanishes_after_accepted() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.accept(peer.readSubmit());
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        assertEnds(result, OutcomeKind.UNKNOWN, TaskResult.LOST_AFTER_ACCEPTED);
        assertThat(get(result).taskId()).isEqualTo(Peer.FIRST_ID + 1);
        assertThat(message(get(result))).contains("was accepted as z9");
    }

    @Test
    void ends_unknown_and_says_unacknowledged_when_the_server_vanishes_before_accepted() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readSubmit();
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        assertEnds(result, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        assertThat(message(get(result))).contains("sent but not acknowledged");
    }

    @Test
    void rejects_what_was_not_sent_when_it_may_not_reconnect() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        PoolClient client = connect((peer, number) -> {
            peer.welcome(1, 1 << 20);
            peer.readSubmit();
            await(queued);
        });
        CompletableFuture<TaskResult> sent = client.submit("echo", HI);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        queued.countDown();
        assertEnds(sent, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        assertEnds(waiting, OutcomeKind.REJECTED, TaskResult.DISCONNECTED);
        assertEnds(client.submit("echo", HI), OutcomeKind.REJECTED, TaskResult.DISCONNECTED);
    }

    @Test
    void sends_what_waited_after_it_has_reconnected() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        FakeServer server = serve((peer, number) -> {
            if (number == 0) {
                peer.welcome(1, 1 << 20);
                peer.readSubmit();
                await(queued);
            } else {
                echo(peer);
            }
        });
        PoolClient client = closedLater(to(server).connect());
        CompletableFuture<TaskResult> sent = client.submit("echo", HI);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        queued.countDown();
        assertEnds(sent, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        assertThat(get(waiting).succeeded()).isTrue();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void pauses_between_attempts_when_every_connection_breaks_at_once() throws Exception {
        FakeServer server = serve((peer, number) -> {
            if (number < 4) {
                peer.welcome();
            } else {
                echo(peer);
            }
        });
        long start = System.nanoTime();
        PoolClient client = closedLater(to(server).connect());
        Awaitility.await().until(() -> server.connections() == 5);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(100));
        assertThat(get(client.submit("echo", HI)).succeeded()).isTrue();
    }

    @Test
    void gives_up_and_rejects_when_nobody_comes_back_in_time() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        FakeServer server = serve(silentAfterOne(read));
        PoolClient client =
                closedLater(to(server).reconnectTimeout(Duration.ofMillis(300)).connect());
        CompletableFuture<TaskResult> sent = client.submit("echo", HI);
        await(read);
        server.close();
        assertEnds(sent, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        assertEnds(waiting, OutcomeKind.REJECTED, TaskResult.DISCONNECTED);
        assertThat(message(get(waiting))).contains("nothing listens on " + server.address());
    }

    @Test
    void ends_unknown_when_the_server_sends_garbage() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readSubmit();
            peer.sendBytes((byte) 2, (byte) 0xFF, (byte) 0xFF);
            peer.readToEnd();
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        assertEnds(result, OutcomeKind.UNKNOWN, TaskResult.LOST_BEFORE_ACCEPTED);
        assertThat(message(get(result))).contains("what the protocol does not allow");
    }

    @Test
    void closes_when_the_server_announces_a_frame_over_the_limit() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readSubmit();
            peer.sendBytes((byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0x7F);
            peer.readToEnd();
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        assertThat(message(get(result))).contains("the limit is " + (Peer.PAYLOAD_BYTES_MAX + 64 * 1024));
    }

    @Test
    void closes_when_the_server_accepts_more_than_was_sent() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.readSubmit();
            peer.send(new AcceptedFrame(1, 1, -1));
            peer.readToEnd();
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        assertThat(message(get(result))).contains("Accepted for 4294967296 tasks, 1 are in flight");
    }

    @Test
    void tells_the_servers_reason_when_it_closes_with_an_error() throws Exception {
        PoolClient client = connect((peer, number) -> {
            peer.welcome();
            peer.accept(peer.readSubmit());
            peer.read(ClientPingFrame.class);
            peer.send(new ErrorFrame("SLOW_CLIENT", "9 MiB of results were not read for 30 s"));
        });
        CompletableFuture<TaskResult> result = client.submit("echo", HI);
        ExecutionException ping = catchThrowableOfType(ExecutionException.class, () -> get(client.ping()));
        assertEnds(result, OutcomeKind.UNKNOWN, TaskResult.LOST_AFTER_ACCEPTED);
        assertThat(message(get(result))).contains("SLOW_CLIENT: 9 MiB of results");
        assertThat(ping)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertThat(e.code()).isEqualTo("SLOW_CLIENT"));
        ExecutionException late = catchThrowableOfType(ExecutionException.class, () -> get(client.ping()));
        assertThat(late)
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertThat(e.code()).isEqualTo(ClientException.CONNECTION_LOST));
    }

    @Test
    void finishes_what_is_in_flight_and_rejects_the_rest_when_told_to_go_away() throws Exception {
        CountDownLatch rejected = new CountDownLatch(1);
        FakeServer server = serve((peer, number) -> {
            if (number == 0) {
                peer.welcome(1, 1 << 20);
                SubmitFrame submit = peer.readSubmit();
                peer.accept(submit);
                peer.send(new GoAwayFrame("rolling restart"));
                await(rejected);
                peer.succeed(submit);
            } else {
                echo(peer);
            }
        });
        PoolClient client = closedLater(to(server).connect());
        CompletableFuture<TaskResult> inFlight = client.submit("echo", HI);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        assertEnds(waiting, OutcomeKind.REJECTED, TaskResult.DRAINING);
        assertThat(message(get(waiting))).contains(server.address()).contains("rolling restart");
        rejected.countDown();
        assertThat(get(inFlight).succeeded()).isTrue();
        Awaitility.await().until(() -> server.connections() == 2);
        Awaitility.await().until(() -> get(client.submit("echo", HI)).succeeded());
    }

    @Test
    void goes_on_elsewhere_when_told_to_go_away_and_there_is_another_address() throws Exception {
        CountDownLatch other = new CountDownLatch(1);
        FakeServer draining = serve((peer, number) -> {
            peer.welcome(1, 1 << 20);
            SubmitFrame submit = peer.readSubmit();
            peer.accept(submit);
            peer.send(new GoAwayFrame(""));
            await(other);
            peer.succeed(submit);
        });
        FakeServer next = serve((peer, number) -> echo(peer));
        PoolClient client = closedLater(to(draining, next).connect());
        CompletableFuture<TaskResult> inFlight = client.submit("echo", HI);
        CompletableFuture<TaskResult> waiting = client.submit("echo", HI);
        assertThat(get(waiting).succeeded()).isTrue();
        assertThat(inFlight).isNotDone();
        other.countDown();
        assertThat(get(inFlight).succeeded()).isTrue();
        assertThat(draining.connections()).isEqualTo(1);
        assertThat(next.connections()).isEqualTo(1);
    }
}
