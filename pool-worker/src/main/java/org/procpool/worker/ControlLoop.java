package org.procpool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.PingFrame;
import org.procpool.proto.PongFrame;
import org.procpool.proto.ThreadDumpFrame;
import org.procpool.proto.WireException;

/**
 * Connects to the supervisor, then listens on the control socket while handlers run: interrupts the running task,
 * answers pings, says what the threads are doing, and ends the process when the supervisor is gone, even if a handler
 * loops for ever.
 */
final class ControlLoop extends Thread {

    private static final int BUFFER_BYTES = 1024;

    private final Path socket;
    private final HelloFrame hello;
    private final TaskThread tasks;
    private final CompletableFuture<SocketChannel> dataChannel = new CompletableFuture<>();

    /** @param hello introduces the control socket */
    ControlLoop(Path socket, HelloFrame hello, TaskThread tasks) {
        super("procpool-control");
        this.socket = socket;
        this.hello = hello;
        this.tasks = tasks;
        setDaemon(true);
        setContextClassLoader(null);
    }

    /**
     * The data socket, connected by this thread too: for the first Unix socket a JVM looks for random numbers, which
     * takes as long as it takes the task thread to load the handlers. Waits until it is there.
     */
    SocketChannel dataChannel() {
        return dataChannel.join();
    }

    @Override
    public void run() {
        try {
            dataChannel.complete(connect());
            try (SocketChannel channel = connect()) {
                listen(channel);
            }
            Exit.supervisorGone();
        } catch (IOException | UncheckedIOException e) {
            Exit.supervisorGone();
        } catch (WireException e) {
            Exit.broken(ExitCode.BROKEN, "the supervisor sent what is no frame on the control socket", e);
        } catch (Throwable e) {
            Exit.failed("the control thread failed", e);
        }
    }

    private SocketChannel connect() throws IOException {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | RuntimeException e) {
            Exit.broken(
                    ExitCode.BOOT_FAILED,
                    "cannot connect to the supervisor's socket " + socket + ": " + e.getMessage(),
                    null);
            throw e;
        }
    }

    private void listen(SocketChannel channel) throws IOException {
        FrameReader reader = new FrameReader(channel, EmptyFrame.DUMP.kind());
        FrameWriter writer = new FrameWriter(channel, BUFFER_BYTES);
        hello.write(writer);
        writer.flush();
        do {
            answerAll(reader, writer);
        } while (reader.fill());
    }

    private void answerAll(FrameReader reader, FrameWriter writer) {
        for (int kind = reader.next(); kind != FrameReader.NONE; kind = reader.next()) {
            switch (kind) {
                case CancelFrame.KIND ->
                    tasks.cancel(CancelFrame.read(reader.input()).dispatch());
                case PingFrame.KIND ->
                    new PongFrame(PingFrame.read(reader.input()).nonce()).write(writer);
                default -> {
                    if (kind != EmptyFrame.DUMP.kind()) {
                        throw new WireException(
                                WireException.Reason.MALFORMED, "message " + kind + " belongs on the data socket");
                    }
                    new ThreadDumpFrame(ThreadDump.take(tasks)).write(writer);
                }
            }
        }
        if (writer.pendingBytes() > 0) {
            writer.flush();
        }
    }

    @Override
    public void interrupt() {
        // Handlers that interrupt all threads they find must not cut the socket.
    }
}
