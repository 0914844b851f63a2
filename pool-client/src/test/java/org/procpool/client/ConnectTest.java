package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Wire;

class ConnectTest extends ClientTest {

    @Test
    void says_hello_and_knows_what_it_was_granted() throws Exception {
        CompletableFuture<ClientHelloFrame> hello = new CompletableFuture<>();
        FakeServer server = serve((peer, number) -> {
            hello.complete(peer.read(ClientHelloFrame.class));
            peer.send(Peer.welcomeFrame(7, 8));
            peer.readToEnd();
        });
        PoolClient client =
                closedLater(to(server).onDisconnect(OnDisconnect.KEEP).connect());
        assertThat(get(hello))
                .isEqualTo(new ClientHelloFrame(Wire.CLIENT_MAGIC, Wire.PROTOCOL_VERSION, "", NAME, OnDisconnect.KEEP));
        assertThat(client.welcome()).isEqualTo(Peer.welcomeFrame(7, 8));
    }

    @Test
    void names_address_and_remedy_when_nothing_listens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ClientException failure = failure(PoolClient.builder().address("127.0.0.1:" + port));
        assertThat(failure.code()).isEqualTo(ClientException.UNREACHABLE);
        assertThat(failure).hasMessage("nothing listens on 127.0.0.1:" + port + "; start one with: procpool serve");
    }

    @Test
    void gives_up_when_the_server_says_nothing() throws IOException {
        FakeServer server = serve((peer, number) -> peer.readToEnd());
        ClientException failure = failure(to(server).connectTimeout(Duration.ofMillis(200)));
        assertThat(failure.code()).isEqualTo(ClientException.UNREACHABLE);
        assertThat(failure).hasMessageContaining("did not answer within 200 ms");
    }

    @Test
    void says_that_it_is_no_procpool_when_the_server_talks_something_else() throws IOException {
        FakeServer server = serve((peer, number) -> {
            peer.sendBytes("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            peer.readToEnd();
        });
        ClientException failure = failure(to(server).connectTimeout(Duration.ofSeconds(1)));
        assertThat(failure.code()).isEqualTo(ClientException.NOT_PROCPOOL);
        assertThat(failure).hasMessageContaining(server.address()).hasMessageContaining("is it a procpool service?");
    }

    @Test
    void says_that_it_is_no_procpool_when_the_first_frame_is_none() throws IOException {
        FakeServer server = serve((peer, number) -> {
            peer.sendBytes((byte) 1, (byte) 0);
            peer.readToEnd();
        });
        ClientException failure = failure(to(server));
        assertThat(failure.code()).isEqualTo(ClientException.NOT_PROCPOOL);
        assertThat(failure).hasMessageContaining("is not a procpool service: ");
    }

    @Test
    void says_that_it_is_no_procpool_when_the_server_hangs_up() throws IOException {
        FakeServer server = serve((peer, number) -> peer.read());
        assertThat(failure(to(server)).code()).isEqualTo(ClientException.NOT_PROCPOOL);
    }

    @Test
    void fails_with_the_code_of_the_server_when_it_refuses() throws IOException {
        FakeServer server = serve((peer, number) -> {
            peer.read();
            peer.send(new ErrorFrame("VERSION", "this service speaks versions 2 to 3, you speak 1"));
        });
        ClientException failure = failure(to(server));
        assertThat(failure.code()).isEqualTo("VERSION");
        assertThat(failure).hasMessageContaining("versions 2 to 3").hasMessageContaining(server.address());
    }

    @Test
    void takes_the_next_address_when_the_first_is_down() throws Exception {
        FakeServer down = serve((peer, number) -> peer.readToEnd());
        String dead = down.address();
        down.close();
        FakeServer up = serve((peer, number) -> {
            peer.welcome();
            peer.echo();
        });
        PoolClient client = closedLater(PoolClient.builder()
                .clientName(NAME)
                .address(dead)
                .address(up.address())
                .connect());
        assertThat(get(client.submit("echo", HI)).payload()).isEqualTo(HI);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", ":7420", "host:", "host:0", "host:65536", "host:x", "::1:7420", "host:-1"})
    void refuses_what_is_not_an_address(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolClient.builder().address(text))
                .withMessageContaining("write HOST:PORT");
    }

    @Test
    void reads_addresses_of_both_families() {
        assertThat(HostPort.parse("[::1]:7420")).hasToString("[::1]:7420");
        assertThat(HostPort.parse("localhost:65535")).isEqualTo(new HostPort("localhost", 65_535));
    }

    private static ClientException failure(PoolClient.Builder builder) {
        ClientException failure = catchThrowableOfType(ClientException.class, builder::connect);
        assertThat(failure).isNotNull();
        return failure;
    }
}
