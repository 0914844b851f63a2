package org.procpool.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.procpool.proto.ByteBufferInput;
import org.procpool.proto.ByteBufferOutput;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Frame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.NameCache;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;

/**
 * A worker that speaks the protocol by itself and breaks it where its mode says. Started in the place of {@code java}
 * by a script, so the supervisor treats it as any worker.
 */
final class FakeWorker {

    /** What it does, for the most part when it is given a task named {@code now}; other tasks are echoed. */
    enum Mode {
        RESULT_THEN_HALT,
        RESULT_THEN_KILL,
        HALF_A_RESULT_THEN_HALT,
        WRONG_DISPATCH,
        OLD_DISPATCH,
        GARBAGE,
        OVERSIZED_FRAME,
        READY_TWICE,
        WRONG_TOKEN,
        WRONG_VERSION,
        ONE_SOCKET_ONLY,
        PROBE_UNANSWERED,
        PROBE_CHANGED,
        SILENT,
        SAYS_WHY_AND_NEVER_BOOTS
    }

    private final Mode mode;
    private final SocketChannel data;
    private final ByteBuffer received = ByteBuffer.allocate(1 << 20);

    private FakeWorker(Mode mode, SocketChannel data) {
        this.mode = mode;
        this.data = data;
    }

    /** An executable that starts this worker whatever arguments it is given. */
    static Path script(Mode mode) throws IOException {
        Path script = LeakCheck.workDirectory().resolve("java-" + mode);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = switch (mode) {
            case SILENT -> "exec sleep 600";
            // At once: it has no more time than its boot time-out.
            case SAYS_WHY_AND_NEVER_BOOTS -> "echo 'the coffee machine is not connected' >&2; exec sleep 600";
            default ->
                "exec '" + java + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -cp '"
                        + System.getProperty("java.class.path") + "' " + FakeWorker.class.getName() + " " + mode;
        };
        Files.writeString(script, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    public static void main(String[] arguments) throws Exception {
        Mode mode = Mode.valueOf(arguments[0]);
        Properties settings = new Properties();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            settings.setProperty(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        SocketChannel data = connect(settings);
        FakeWorker worker = new FakeWorker(mode, data);
        byte[] token = HexFormat.of().parseHex(settings.getProperty("token"));
        if (mode == Mode.WRONG_TOKEN) {
            token[0] ^= 1;
        }
        if (mode != Mode.ONE_SOCKET_ONLY) {
            send(connect(settings), worker.hello(token, HelloFrame.Role.CONTROL));
        }
        worker.send(worker.hello(token, HelloFrame.Role.DATA));
        worker.awaitWelcome();
        worker.send(EmptyFrame.READY);
        if (mode == Mode.READY_TWICE) {
            worker.send(EmptyFrame.READY);
        }
        worker.serve();
    }

    private static SocketChannel connect(Properties settings) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(settings.getProperty("socket")));
        return channel;
    }

    private HelloFrame hello(byte[] token, HelloFrame.Role role) {
        int version = mode == Mode.WRONG_VERSION ? 99 : Wire.PROTOCOL_VERSION;
        boolean probe = mode == Mode.PROBE_UNANSWERED || mode == Mode.PROBE_CHANGED;
        return new HelloFrame(
                version, ProcessHandle.current().pid(), token, role, List.of("now", "echo"), false, false, probe);
    }

    private void awaitWelcome() throws IOException {
        while (data.read(received) >= 0) {
            ByteBuffer content = received.duplicate().flip();
            int length = Wire.frameLength(new ByteBufferInput(content), 1 << 20);
            if (length != Wire.INCOMPLETE && length <= content.remaining()) {
                content.position(content.position() + length);
                received.clear().put(content.slice());
                return;
            }
        }
        Runtime.getRuntime().halt(8);
    }

    private void serve() throws IOException, InterruptedException {
        do {
            ByteBuffer content = received.duplicate().flip();
            ByteBufferInput in = new ByteBufferInput(content);
            for (int length = Wire.frameLength(in, 1 << 20);
                    length != Wire.INCOMPLETE && length <= in.remaining();
                    length = Wire.frameLength(in, 1 << 20)) {
                int end = in.position() + length;
                int limit = in.limit(end);
                handle(in);
                in.limit(limit);
                in.position(end);
            }
            content.limit(received.position());
            received.clear().put(content.slice());
        } while (data.read(received) >= 0);
        Runtime.getRuntime().halt(0);
    }

    private void handle(ByteBufferInput in) throws IOException, InterruptedException {
        int kind = Wire.enterMessage(in, Wire.SUPERVISOR_KIND_MAX);
        if (kind != TaskFrame.KIND) {
            Runtime.getRuntime().halt(0);
        }
        TaskFrame task = TaskFrame.read(in, new NameCache());
        if (mode == Mode.PROBE_UNANSWERED) {
            return;
        }
        if (mode == Mode.PROBE_CHANGED) {
            send(result(task.dispatch(), Payload.of("something else")));
            return;
        }
        if (!task.name().equals("now")) {
            send(result(task.dispatch(), task.payload()));
            return;
        }
        switch (mode) {
            case RESULT_THEN_HALT -> {
                send(result(task.dispatch(), task.payload()));
                Runtime.getRuntime().halt(1);
            }
            case RESULT_THEN_KILL -> {
                send(result(task.dispatch(), task.payload()));
                Processes.signal(ProcessHandle.current().pid(), "KILL");
            }
            case HALF_A_RESULT_THEN_HALT -> {
                ByteBuffer bytes = bytes(result(task.dispatch(), Payload.of(new byte[100_000])));
                bytes.limit(bytes.limit() / 2);
                write(data, bytes);
                Runtime.getRuntime().halt(137);
            }
            case WRONG_DISPATCH -> send(result(task.dispatch() + 1, task.payload()));
            case OLD_DISPATCH -> {
                send(result(task.dispatch() - 1, Payload.of("of another task")));
                send(result(task.dispatch(), task.payload()));
                send(result(task.dispatch(), Payload.of("once more")));
            }
            case GARBAGE -> write(data, ByteBuffer.wrap(new byte[] {5, 0x7F, 0x7F, 0x7F, 0x7F, 0x7F}));
            case OVERSIZED_FRAME -> write(data, ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 15, 1}));
            case READY_TWICE,
                    WRONG_TOKEN,
                    WRONG_VERSION,
                    ONE_SOCKET_ONLY,
                    PROBE_UNANSWERED,
                    PROBE_CHANGED,
                    SILENT,
                    SAYS_WHY_AND_NEVER_BOOTS -> send(result(task.dispatch(), task.payload()));
        }
    }

    private static WorkerResultFrame result(long dispatch, Payload payload) {
        return WorkerResultFrame.returned(dispatch, 1, false, payload);
    }

    private void send(Frame frame) throws IOException {
        send(data, frame);
    }

    private static void send(SocketChannel channel, Frame frame) throws IOException {
        write(channel, bytes(frame));
    }

    private static ByteBuffer bytes(Frame frame) {
        ByteBufferOutput out = new ByteBufferOutput(false, 256, 1 << 20);
        frame.write(out);
        return out.content();
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
