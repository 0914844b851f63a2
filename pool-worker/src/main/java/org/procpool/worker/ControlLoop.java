package org.procpool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.PingFrame;
import org.procpool.proto.PongFrame;
import org.procpool.proto.ThreadDumpFrame;
import org.procpool.proto.WireException;

/**
 * Listens on the control socket while handlers run: interrupts the running task, answers pings, says what the threads
 * are doing, and ends the process when the supervisor is gone, even if a handler loops for ever.
 */
final class ControlLoop extends Thread {

    private static final int BUFFER_BYTES = 1024;

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final TaskThread tasks;

    ControlLoop(SocketChannel channel, TaskThread tasks) {
        super("procpool-control");
        this.channel = channel;
        this.reader = new FrameReader(channel, EmptyFrame.DUMP.kind());
        this.writer = new FrameWriter(channel, BUFFER_BYTES);
        this.tasks = tasks;
        setDaemon(true);
        setContextClassLoader(null);
    }

    /** Introduces this socket; to be called once, before the thread is started. */
    void hello(HelloFrame hello) {
        hello.write(writer);
        writer.flush();
    }

    @Override
    public void run() {
        try (channel) {
            do {
                answerAll();
            } while (reader.fill());
            Exit.supervisorGone();
        } catch (IOException | UncheckedIOException e) {
            Exit.supervisorGone();
        } catch (WireException e) {
            Exit.broken(ExitCode.BROKEN, "the supervisor sent what is no frame on the control socket", e);
        } catch (Throwable e) {
            Exit.failed("the control thread failed", e);
        }
    }

    private void answerAll() {
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
