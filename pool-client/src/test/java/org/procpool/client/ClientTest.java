package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;

/** A fake server, a client, and the check that both are gone when the test has ended. */
abstract class ClientTest {

    static final String NAME = "client-under-test";
    static final Payload HI = Payload.of("hi");

    private final List<AutoCloseable> opened = new ArrayList<>();

    FakeServer serve(FakeServer.Script script) throws IOException {
        return closedLater(new FakeServer(script));
    }

    /** Takes one task, tells that it has, and says nothing more. */
    static FakeServer.Script silentAfterOne(CountDownLatch read) {
        return (peer, number) -> {
            peer.welcome();
            peer.readSubmit();
            read.countDown();
            peer.readToEnd();
        };
    }

    static PoolClient.Builder to(FakeServer... servers) {
        PoolClient.Builder builder = PoolClient.builder()
                .clientName(NAME)
                .connectTimeout(Duration.ofSeconds(30))
                .closeTimeout(Duration.ZERO);
        for (FakeServer server : servers) {
            builder.address(server.address());
        }
        return builder;
    }

    PoolClient connect(FakeServer.Script script) throws IOException {
        return closedLater(to(serve(script)).reconnect(false).connect());
    }

    <T extends AutoCloseable> T closedLater(T resource) {
        opened.add(0, resource);
        return resource;
    }

    static <T> T get(CompletableFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(30, TimeUnit.SECONDS);
    }

    static void assertEnds(CompletableFuture<TaskResult> future, OutcomeKind outcome, String errorType)
            throws Exception {
        TaskResult result = get(future);
        assertThat(result.outcome()).as("%s", result).isEqualTo(outcome);
        TaskError error = Objects.requireNonNull(result.error());
        assertThat(error.type()).as("%s", result).isEqualTo(errorType);
    }

    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(NAME))
                .toList();
    }

    @AfterEach
    void closes_everything_and_leaves_no_thread() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> threads().isEmpty());
    }
}
