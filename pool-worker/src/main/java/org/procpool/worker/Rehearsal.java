package org.procpool.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.PingFrame;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;

/**
 * Plays the supervisor inside the worker's own process: boots it the usual way, gives it a few tasks and drains it. So
 * the JVM, told to write an archive of the classes it has seen, has seen those that every worker needs. Runs on a
 * daemon thread.
 */
final class Rehearsal implements Runnable {

    /** Writing the archive counts as part of the exit. The supervisor loses patience before that. */
    static final long EXIT_MILLIS_MAX = TimeUnit.SECONDS.toMillis(30);

    private static final int PAYLOAD_BYTES_MAX = 1 << 20;
    private static final int BUFFER_BYTES = 16 * 1024;
    /** The second round takes other ways through caches and lazy fields than the first. */
    private static final int ROUNDS = 2;

    private final ServerSocketChannel server;

    private Rehearsal(ServerSocketChannel server) {
        this.server = server;
    }

    /** Listens on that path, so that the worker finds its supervisor there. */
    static void start(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(new Rehearsal(server), "procpool-rehearsal");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        // The sockets stay open: their end would make the worker halt before the archive is written.
        try {
            SocketChannel data = server.accept();
            SocketChannel control = server.accept();
            sendControl(control);
            sendTasks(data);
            awaitEnd(data);
        } catch (IOException | RuntimeException e) {
            Exit.broken(ExitCode.BOOT_FAILED, "the rehearsal failed", e);
        }
    }

    private static void sendControl(SocketChannel control) {
        FrameWriter writer = new FrameWriter(control, BUFFER_BYTES);
        new PingFrame(1).write(writer);
        new CancelFrame(Long.MAX_VALUE).write(writer);
        writer.flush();
    }

    private static void sendTasks(SocketChannel data) {
        FrameWriter writer = new FrameWriter(data, BUFFER_BYTES);
        new WelcomeFrame(Wire.PROTOCOL_VERSION, PAYLOAD_BYTES_MAX).write(writer);
        long dispatch = 0;
        for (int round = 0; round < ROUNDS; round++) {
            send(writer, ++dispatch, RehearsalHandlers.BYTES, Payload.of("bytes"));
            send(writer, ++dispatch, RehearsalHandlers.JSON, Payload.of(RehearsalHandlers.JSON_PAYLOAD));
            send(writer, ++dispatch, RehearsalHandlers.FAILING, Payload.EMPTY);
        }
        EmptyFrame.DRAIN.write(writer);
        writer.flush();
    }

    private static void send(FrameWriter writer, long dispatch, String name, Payload payload) {
        new TaskFrame(dispatch, dispatch, 1, name, TimeUnit.SECONDS.toMillis(10), payload).write(writer);
    }

    private static void awaitEnd(SocketChannel data) throws IOException {
        ByteBuffer ignored = ByteBuffer.allocate(BUFFER_BYTES);
        while (data.read(ignored) >= 0) {
            ignored.clear();
        }
    }
}
