package org.procpool.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.HelloFrame.Role;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.RingWriter;
import org.procpool.recorder.SupervisorPage;
import org.procpool.recorder.WorkerPage;
import org.procpool.task.WorkerResult;

/** A worker dies when its socket has brought a part of what it answered; its flight recorder has the rest. */
class WorkerRemainsTest {

    private static final String TOKEN = "c0ffee";
    private static final long PID = 4711;
    private static final int RESULT_BYTES = 700;

    @TempDir
    Path directory;

    private final List<Long> results = new ArrayList<>();
    private final ByteArrayOutputStream socket = new ByteArrayOutputStream();
    private final EmbeddedChannel control = new EmbeddedChannel();
    private final EmbeddedChannel data = new EmbeddedChannel();
    private final Turn turn = new Turn();
    private final WorkerServer server =
            new WorkerServer(turn, 1 << 20, TimeUnit.MINUTES.toNanos(1), TimeUnit.MINUTES.toNanos(1));
    private WorkerLink link;
    private WorkerPage page;

    @BeforeEach
    void connect() throws IOException {
        link = server.expect(TOKEN, events());
        SupervisorPage made = SupervisorPage.create(directory.resolve("page"), new RecorderOptions(16, 4096));
        link.recorder(made);
        page = WorkerPage.map(made.file());
        for (EmbeddedChannel channel : List.of(control, data)) {
            channel.pipeline().addLast(new WorkerHandler(server, channel, turn, TimeUnit.MINUTES.toNanos(1)));
        }
        receive(control, bytes(hello(Role.CONTROL)));
        receive(data, bytes(hello(Role.DATA)));
        receive(data, bytes(EmptyFrame.READY));
    }

    @AfterEach
    void close() {
        link.close();
        control.finishAndReleaseAll();
        data.finishAndReleaseAll();
    }

    /** Notes down which results are told. */
    private LinkEvents events() {
        return (LinkEvents) Proxy.newProxyInstance(
                LinkEvents.class.getClassLoader(), new Class<?>[] {LinkEvents.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("result")) {
                        assertThat(((WorkerResult) arguments[1]).payload().size())
                                .isEqualTo(RESULT_BYTES);
                        results.add((Long) arguments[0]);
                    }
                    return null;
                });
    }

    private static HelloFrame hello(Role role) {
        byte[] token = HexFormat.of().parseHex(TOKEN);
        boolean isData = role == Role.DATA;
        return new HelloFrame(Wire.PROTOCOL_VERSION, PID, token, role, isData ? List.of("echo") : List.of(), isData);
    }

    private static byte[] bytes(Frame frame) {
        ByteBufferOutput out = new ByteBufferOutput(false, 64, 1 << 20);
        frame.write(out);
        byte[] bytes = new byte[out.size()];
        out.content().get(bytes);
        return bytes;
    }

    private static void receive(EmbeddedChannel channel, byte[] bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
    }

    private void answer(RingWriter writer, long dispatch) {
        link.offer(new TaskFrame(dispatch, dispatch, 1, "echo", 0, Payload.EMPTY), false);
        assertThat(page.tryStart(dispatch, System.nanoTime())).isTrue();
        WorkerResultFrame.returned(dispatch, 1, false, Payload.of(new byte[RESULT_BYTES]))
                .write(writer);
        writer.publish();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 300, RESULT_BYTES, RESULT_BYTES + 100, 2 * RESULT_BYTES, 10 * RESULT_BYTES})
    void nothing_is_lost_wherever_the_socket_ends(int receivedMax) throws IOException {
        RingWriter writer = page.writer(Channels.newChannel(socket));
        for (long dispatch = 1; dispatch <= 3; dispatch++) {
            answer(writer, dispatch);
        }
        writer.flush();
        byte[] sent = socket.toByteArray();
        receive(data, Arrays.copyOf(sent, Math.min(receivedMax, sent.length)));
        int before = results.size();

        data.close();
        control.close();
        data.runPendingTasks();
        Recovery recovery = link.finish();

        assertThat(results).containsExactly(1L, 2L, 3L);
        assertThat(recovery.results()).isEqualTo(3 - before);
    }
}
