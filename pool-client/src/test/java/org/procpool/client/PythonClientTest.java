package org.procpool.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.proto.AcceptedFrame;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.ClientHelloFrame;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.GoAwayFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.proto.Wire;

/** The client that was written from docs/protocol.md, against a server that was not written with it. */
class PythonClientTest extends ClientTest {

    private static final Path SCRIPT = Path.of("..", "examples", "python", "procpool_client.py");

    @TempDir
    private Path directory;

    private record Ended(int code, byte[] out, String err) {}

    @BeforeAll
    static void python_is_there() {
        boolean found;
        try {
            found = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            found = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assumeTrue(found, "python3 is not installed: the Python client is not tested");
    }

    private Ended run(byte[] input, String... arguments) throws IOException, InterruptedException {
        Path in = Files.write(directory.resolve("in"), input);
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command =
                Stream.concat(Stream.of("python3", "-B"), Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
    }

    private Ended submit(FakeServer server, byte[] input) throws IOException, InterruptedException {
        return run(input, SCRIPT.toString(), server.address(), "echo");
    }

    @Test
    void has_at_most_a_hundred_lines() throws IOException {
        assertThat(Files.readAllLines(SCRIPT)).hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void prints_the_result_of_any_bytes() throws Exception {
        FakeServer server = serve((peer, number) -> {
            ClientHelloFrame hello = peer.read(ClientHelloFrame.class);
            assertThat(hello.magic()).isEqualTo(Wire.CLIENT_MAGIC);
            assertThat(hello.protocolVersion()).isEqualTo(Wire.PROTOCOL_VERSION);
            peer.send(Peer.welcomeFrame(10, 1 << 20));
            SubmitFrame submit = peer.readSubmit();
            assertThat(submit.task()).isEqualTo("echo");
            assertThat(submit.priority()).isEqualTo(SubmitFrame.PRIORITY_DEFAULT);
            peer.accept(submit);
            peer.send(
                    new ProgressFrame(submit.correlation(), 1, 0.5, "half"),
                    new TaskStatusFrame(9, 9, TaskState.GONE, ""),
                    new GoAwayFrame("draining"));
            peer.trickle(Peer.bytes(Peer.result(submit, OutcomeKind.SUCCEEDED, null)));
            peer.readToEnd();
        });
        byte[] all = new byte[1_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Ended ended = submit(server, all);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({"FAILED,1", "TIMED_OUT,3", "EXPIRED,3", "WORKER_LOST,4", "CANCELLED,5", "REJECTED,5"})
    void exits_with_the_code_of_the_outcome(OutcomeKind outcome, int code) throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            if (outcome != OutcomeKind.REJECTED) {
                peer.accept(submit);
            }
            peer.send(Peer.result(submit, outcome, TaskError.of("WHY", "because")));
            peer.readToEnd();
        });
        Ended ended = submit(server, "hi".getBytes(StandardCharsets.UTF_8));
        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err().strip()).isEqualTo(outcome + " WHY: because");
    }

    @Test
    void says_unknown_when_the_server_vanishes() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome();
            peer.accept(peer.readSubmit());
        });
        Ended ended = submit(server, new byte[0]);
        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.err()).contains("UNKNOWN connection lost: the service closed the connection");
    }

    @Test
    void does_not_take_half_a_result_for_one() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome();
            SubmitFrame submit = peer.readSubmit();
            byte[] result = Peer.bytes(Peer.result(submit, OutcomeKind.SUCCEEDED, null));
            peer.sendBytes(Arrays.copyOf(result, result.length - 1));
        });
        Ended ended = submit(server, new byte[100]);
        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void exits_with_six_when_there_is_no_service_or_it_refuses() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.read();
            peer.send(new ErrorFrame("TOO_MANY_CONNECTIONS", "there are 4096"));
        });
        Ended refused = submit(server, new byte[0]);
        assertThat(refused.code()).isEqualTo(6);
        assertThat(refused.err())
                .contains("TOO_MANY_CONNECTIONS: there are 4096")
                .doesNotContain("Traceback");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Ended nobody = run(new byte[0], SCRIPT.toString(), "127.0.0.1:" + port, "echo");
        assertThat(nobody.code()).isEqualTo(6);
        assertThat(nobody.err())
                .contains("no procpool service at 127.0.0.1:" + port)
                .doesNotContain("Traceback");
    }

    @Test
    void exits_with_two_and_its_usage_when_called_wrongly() throws Exception {
        Ended ended = run(new byte[0], SCRIPT.toString());
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("HOST:PORT TASK");
    }

    @Test
    void submits_many_and_cancels_as_a_module() throws Exception {
        FakeServer server = serve((peer, number) -> {
            peer.welcome(5, 1 << 20);
            SubmitFrame long1 = peer.readSubmit();
            peer.accept(long1);
            assertThat(peer.read(ClientCancelFrame.class).taskId()).isEqualTo(Peer.FIRST_ID + long1.correlation());
            TaskError error = new TaskError("CANCEL", "cancelled", "", "last words", "worker w1.1 left\n  up 3s\n");
            peer.send(Peer.result(long1, OutcomeKind.CANCELLED, error));
            SubmitFrame first = peer.readSubmit();
            SubmitFrame second = peer.readSubmit();
            peer.send(new AcceptedFrame(first.correlation(), 70, 1));
            peer.succeed(second);
            peer.succeed(first);
            peer.echo();
        });
        Path program = Files.writeString(directory.resolve("program.py"), """
                import sys
                sys.path.insert(0, sys.argv[1])
                from procpool_client import Client
                client = Client(sys.argv[2])
                task = client.submit("sleep", b"", run_timeout_millis=5000)
                client.cancel(task.accepted.result(10))
                print(task.result(10).outcome, task.result().error)
                print(task.result().autopsy, end="")
                tasks = [client.submit("echo", b"%d" % i) for i in range(500)]
                print(b" ".join(t.result(10).payload for t in tasks) == b" ".join(b"%d" % i for i in range(500)))
                print(tasks[1].accepted.result(1))
                """);
        Ended ended = run(new byte[0], program.toString(), SCRIPT.getParent().toString(), server.address());
        assertThat(ended.err()).isEmpty();
        assertThat(new String(ended.out(), StandardCharsets.UTF_8).lines())
                .containsExactly("CANCELLED CANCEL: cancelled", "worker w1.1 left", "  up 3s", "True", "71");
    }
}
