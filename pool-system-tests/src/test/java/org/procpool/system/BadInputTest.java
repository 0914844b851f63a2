package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.ServerWelcomeFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.Wire;

/** What a broken or hostile client sends costs that client its connection and nobody else anything. */
@ExtendWith(LeakCheck.class)
class BadInputTest {

    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static ClientHelloFrame hello(int magic, int version) {
        return new ClientHelloFrame(magic, version, "", "raw", OnDisconnect.CANCEL_QUEUED);
    }

    @Test
    void wrong_magic_is_told_what_this_is() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.send(hello(0x12345678, 1));
            assertThat(client.assertRefused("BAD_MAGIC").message()).contains("procpool");
            server.assertUnharmed();
        }
    }

    @Test
    void http_request_is_refused() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.send("GET / HTTP/1.1\r\nHost: localhost:7420\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            ErrorFrame error = client.next(ErrorFrame.class);
            assertThat(error.code()).isIn("MALFORMED", "TRUNCATED", "BAD_MAGIC");
            client.assertEnd();
            server.assertUnharmed();
        }
    }

    @Test
    void old_client_version_is_told_both_versions() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.send(hello(Wire.CLIENT_MAGIC, 0));
            assertThat(client.assertRefused("VERSION").message())
                    .contains("version 0")
                    .contains("1");
            server.assertUnharmed();
        }
    }

    @Test
    void newer_client_is_answered_with_the_version_that_both_speak() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.send(hello(Wire.CLIENT_MAGIC, 99));
            assertThat(((ServerWelcomeFrame) client.next()).protocolVersion()).isEqualTo(1);
        }
    }

    @Test
    void submit_before_hello_is_refused() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.submit(1, "echo", "x");
            assertThat(client.assertRefused("MALFORMED").message()).contains("Hello");
            server.assertUnharmed();
        }
    }

    @Test
    void second_hello_is_refused() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.send(hello(Wire.CLIENT_MAGIC, 1));
            client.assertRefused("MALFORMED");
            server.assertUnharmed();
        }
    }

    @Test
    void frame_over_the_limit_is_refused_as_soon_as_its_length_is_there() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (boolean welcomed : new boolean[] {false, true}) {
                try (RawClient client = welcomed ? server.welcomed() : server.silent()) {
                    // 2 GiB - 1; nothing follows.
                    client.send((byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0x07);
                    assertThat(client.assertRefused("FRAME_TOO_LARGE").message())
                            .contains("limit");
                }
            }
            server.assertUnharmed();
        }
    }

    @Test
    void hello_larger_than_a_hello_is_refused_although_a_task_might_be_as_large() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            client.send(
                    new ClientHelloFrame(Wire.CLIENT_MAGIC, 1, "t".repeat(10_000), "raw", OnDisconnect.CANCEL_QUEUED));
            client.assertRefused("FRAME_TOO_LARGE");
            server.assertUnharmed();
        }
    }

    @Test
    void length_that_never_ends_is_refused() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.send((byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80);
            client.assertRefused("MALFORMED");
            server.assertUnharmed();
        }
    }

    @Test
    void garbage_costs_only_the_connection_it_came_on() throws Exception {
        Random random = new Random(7);
        try (TestServer server =
                TestServer.start(options -> options.withHandshakeTimeoutNanos(TimeUnit.MILLISECONDS.toNanos(500)))) {
            for (int i = 0; i < 200; i++) {
                try (RawClient client = i % 2 == 0 ? server.silent() : server.welcomed()) {
                    byte[] garbage = new byte[1 + random.nextInt(3000)];
                    random.nextBytes(garbage);
                    client.send(garbage);
                    if (i % 10 == 0) {
                        client.next(ErrorFrame.class);
                        client.assertEnd();
                    }
                }
            }
            server.assertUnharmed();
        }
    }

    @Test
    void garbage_inside_a_frame_of_the_right_length_is_malformed() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.send((byte) 3, (byte) 0x12, (byte) 0x7F, (byte) 0x01);
            client.assertRefused("TRUNCATED");
            server.assertUnharmed();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void half_a_frame_then_silence_is_closed_in_time(boolean welcomed) throws Exception {
        try (TestServer server = TestServer.start(options -> options.withHandshakeTimeoutNanos(SHORT_NANOS));
                RawClient client = welcomed ? server.welcomed() : server.silent()) {
            byte[] frame = RawClient.bytes(
                    welcomed
                            ? RawClient.task(1, "echo", Payload.of(new byte[5000]))
                            : ClientHelloFrame.of("raw", OnDisconnect.CANCEL_QUEUED));
            client.send(Arrays.copyOf(frame, frame.length / 2));
            client.assertRefused(welcomed ? "FRAME_TIMEOUT" : "HANDSHAKE_TIMEOUT");
            server.assertUnharmed();
        }
    }

    @Test
    void connection_that_is_idle_between_frames_is_left_alone() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withHandshakeTimeoutNanos(SHORT_NANOS));
                RawClient idle = server.welcomed();
                RawClient silent = server.silent()) {
            silent.assertRefused("HANDSHAKE_TIMEOUT");
            idle.submit(1, "echo", "still here");
            assertThat(idle.result(1).payload().text()).isEqualTo("still here");
        }
    }

    @Test
    void frame_that_comes_byte_by_byte_is_as_good_as_any() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.silent()) {
            for (byte b : RawClient.bytes(ClientHelloFrame.of("slow", OnDisconnect.CANCEL_QUEUED))) {
                client.send(b);
            }
            for (byte b : RawClient.bytes(RawClient.task(1, "reverse", Payload.of("drawkcab")))) {
                client.send(b);
            }
            assertThat(client.result(1).payload().text()).isEqualTo("backward");
        }
    }

    @Test
    void client_that_vanishes_in_the_middle_of_a_frame_leaves_nothing_behind() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < 20; i++) {
                RawClient client = server.welcomed();
                byte[] frame = RawClient.bytes(RawClient.task(1, "echo", Payload.of(new byte[1 << 20])));
                client.send(Arrays.copyOf(frame, frame.length - 1));
                if (i % 2 == 0) {
                    client.reset();
                } else {
                    client.close();
                }
            }
            server.assertUnharmed();
            assertThat(server.snapshot().totals().accepted()).isEqualTo(1);
        }
    }

    @Test
    void connection_over_the_limit_is_told_so_and_the_others_stay() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withConnectionsMax(2));
                RawClient first = server.welcomed()) {
            try (RawClient second = server.welcomed();
                    RawClient third = server.silent()) {
                assertThat(third.assertRefused("TOO_MANY_CONNECTIONS").message())
                        .contains("2");
                second.submit(1, "echo", "x");
                assertThat(second.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            first.submit(1, "echo", "x");
            assertThat(first.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            Eventually.until("there is room again", () -> {
                try (RawClient next = server.silent()) {
                    next.send(ClientHelloFrame.of("next", OnDisconnect.KEEP));
                    return next.next() instanceof ServerWelcomeFrame;
                }
            });
        }
    }

    @Test
    void numbers_out_of_range_are_rejected_one_by_one_and_the_connection_lives_on() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.send(new SubmitFrame(1, "echo", 10, 0, 0, 1, false, Payload.EMPTY));
            client.send(new SubmitFrame(2, "", 4, 0, 0, 1, false, Payload.EMPTY));
            client.send(new SubmitFrame(3, "echo", 4, 0, 0, -1, false, Payload.EMPTY));
            for (long correlation = 1; correlation <= 3; correlation++) {
                ResultFrame result = client.result(correlation);
                assertThat(result.outcome()).isEqualTo(OutcomeKind.REJECTED);
                assertThat(result.error().type()).isEqualTo("INVALID");
            }
            // As long as for ever, and so without a limit.
            client.send(new SubmitFrame(4, "echo", 4, -1, -1, 1, false, Payload.EMPTY));
            assertThat(client.result(4).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            server.assertUnharmed();
        }
    }

    @Test
    void thousand_announcements_of_huge_frames_take_no_memory() throws Exception {
        long before = PlatformDependent.usedDirectMemory();
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = TestServer.start()) {
            try {
                for (int i = 0; i < 1_000; i++) {
                    RawClient client = server.welcomed();
                    // 60 MiB, which a task may have; one byte of it.
                    client.send((byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x1E, (byte) 0x12);
                    clients.add(client);
                }
                server.assertUnharmed();
                assertThat(PlatformDependent.usedDirectMemory() - before)
                        .as("bytes of direct memory for 1,000 begun frames")
                        .isLessThan(32L << 20);
            } finally {
                for (RawClient client : clients) {
                    client.close();
                }
            }
        }
    }
}
