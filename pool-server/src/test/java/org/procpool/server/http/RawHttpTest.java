package org.procpool.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.SecurityOptions;

/** What no decent HTTP client would send. */
class RawHttpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeBackend backend = new FakeBackend();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        restart(TimeUnit.SECONDS.toNanos(10));
    }

    private void restart(long timeoutNanos) throws IOException {
        if (server != null) {
            server.close();
        }
        server = AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                backend,
                new FakeDesk(),
                base,
                Gatekeeper.open(SecurityOptions.defaults()),
                timeoutNanos);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,200",
        "LocalHost:7421,200",
        "127.0.0.1,200",
        "127.9.9.9:80,200",
        "[::1]:7421,200",
        "rebound.example,421",
        "localhost.example:7421,421",
        "192.0.2.1:7421,421",
        "127.0.0.1.example,421",
        "[::1,421",
        "'',421"
    })
    void host_must_be_this_machine(String host, int status) throws IOException {
        assertThat(statusOf(exchange("GET /api/status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: localhost\r\nHost: localhost\r\n"})
    void host_must_be_there_once(String hosts) throws IOException {
        assertThat(statusOf(exchange("GET /api/status HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n")))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/api/status", "api/status", "*", "/%zz"})
    void target_must_be_a_path(String target) throws IOException {
        assertThat(statusOf(exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {1500, 2000, 2500, 4000, 6000, 8000})
    void large_requests_within_the_limits_are_served(int bytes) throws IOException {
        assertThat(statusOf(exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(bytes)
                        + "\r\nConnection: close\r\n\r\n")))
                .isEqualTo(200);
        assertThat(statusOf(exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                        + bytes + "\r\n\r\n" + "a".repeat(bytes))))
                .isEqualTo(200);
    }

    @Test
    void oversized_requests_are_told_and_closed() throws IOException {
        assertThat(statusOf(exchange("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")))
                .isEqualTo(414);
        assertThat(statusOf(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(9000) + "\r\n\r\n")))
                .isEqualTo(431);
        assertThat(statusOf(exchange("POST /api/drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8193\r\n\r\n")))
                .isEqualTo(413);
        assertThat(backend.drains).isEmpty();
    }

    @Test
    void garbage_is_told_and_closed() throws IOException {
        assertThat(statusOf(exchange("\u0001\u0002 rubbish\r\n\r\n"))).isEqualTo(400);
    }

    @Test
    void connection_serves_request_after_request_and_those_sent_ahead() throws IOException {
        try (Socket socket = connect()) {
            String request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.repeat(5).getBytes(US_ASCII));
            String last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(last.getBytes(US_ASCII));

            assertThat(rest(socket).split("HTTP/1.1 200 OK", -1)).hasSize(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /api/status HT", "POST /api/drain HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"})
    void half_a_request_is_closed_when_the_rest_does_not_come(String half) throws IOException {
        restart(TimeUnit.MILLISECONDS.toNanos(100));
        try (Socket socket = connect()) {
            socket.getOutputStream().write(half.getBytes(US_ASCII));

            assertThat(rest(socket)).isEmpty();
        }
    }

    @Test
    void request_that_trickles_in_is_closed_all_the_same() throws IOException {
        restart(TimeUnit.MILLISECONDS.toNanos(300));
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nX: ".getBytes(US_ASCII));

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> refuses(socket));
        }
    }

    private static boolean refuses(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void further_connections_are_refused_when_there_are_too_many() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < Acceptor.CONNECTIONS_MAX; i++) {
                silent.add(connect());
            }
            try (Socket late = connect()) {
                assertThat(rest(late)).startsWith("HTTP/1.1 503 ").contains("admin connections, the limit");
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> statusOf(exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                        == 200);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address(), 5_000);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return rest(socket);
        }
    }

    /** All until the server closes. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    private static int statusOf(String response) {
        assertThat(response).startsWith("HTTP/1.1 ").contains("\r\ncontent-type: application/json\r\n");
        return Integer.parseInt(response.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
}
