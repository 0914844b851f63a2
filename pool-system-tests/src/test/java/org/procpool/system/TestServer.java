package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.procpool.PoolOptions;
import org.procpool.PoolSnapshot;
import org.procpool.client.PoolClient;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;
import org.procpool.task.WorkerState;

/** The whole service in this JVM, on ports that the system chooses. */
final class TestServer implements AutoCloseable {

    private final PoolServer server;

    private TestServer(PoolServer server) {
        this.server = server;
    }

    static ServerOptions options() {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ServerOptions.defaults()
                .withPool(Handlers.options())
                .withListen(anyPort)
                .withAdmin(anyPort);
    }

    static TestServer start() {
        return start(options -> options);
    }

    static TestServer start(UnaryOperator<ServerOptions> change) {
        return new TestServer(PoolServer.start(change.apply(options())));
    }

    /** With the service's defaults but for its pool. */
    static TestServer ofPool(UnaryOperator<PoolOptions> change) {
        return start(options -> options.withPool(change.apply(options.pool())));
    }

    PoolServer server() {
        return server;
    }

    int port() {
        return server.address().getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    PoolSnapshot snapshot() {
        return server.pool().snapshot();
    }

    /** The ordinary client. */
    PoolClient client() {
        return PoolClient.builder().address(address()).connect();
    }

    /** A connection that has not said anything. */
    RawClient silent() throws IOException {
        return new RawClient(port());
    }

    /**
     * A connection that has been welcomed. Some services give little time to shake hands, which on a crowded machine
     * may be over before the client has said anything: then the next try will do.
     */
    RawClient welcomed() throws IOException {
        for (int tries = 1; ; tries++) {
            RawClient client = silent();
            client.send(ClientHelloFrame.of("raw", OnDisconnect.CANCEL_QUEUED));
            Frame answer = client.next();
            if (answer instanceof ServerWelcomeFrame) {
                return client;
            }
            client.close();
            assertThat(((ErrorFrame) answer).code()).as("after %d tries", tries).isEqualTo("HANDSHAKE_TIMEOUT");
        }
    }

    /** Whatever was done to it: it still serves a new client, and its numbers add up. */
    void assertUnharmed() throws Exception {
        try (RawClient client = welcomed()) {
            client.submit(1, "echo", "unharmed");
            assertThat(client.result(1).payload().text()).isEqualTo("unharmed");
        }
        Eventually.untilAsserted("the counters add up", () -> {
            PoolSnapshot now = snapshot();
            long running =
                    now.workers().stream().mapToInt(worker -> worker.inFlight()).sum();
            assertThat(now.totals().accepted()).isEqualTo(now.totals().ended() + now.queuedTasks() + running);
        });
    }

    /** Waits for all workers, where {@link #start} waits for the first one. */
    void awaitAllWorkers() {
        Eventually.until(
                "all workers are ready",
                () -> snapshot().workers().stream().noneMatch(worker -> worker.state() == WorkerState.STARTING));
    }

    @Override
    public void close() {
        server.drain(Duration.ZERO)
                .orTimeout(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
        server.close();
    }
}
