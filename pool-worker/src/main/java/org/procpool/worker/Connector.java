package org.procpool.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.procpool.proto.HelloFrame;

/**
 * Connects to the supervisor and starts the control loop, while the task thread loads the handlers: for the first Unix
 * socket of a JVM the JDK looks for a source of random numbers, which takes about as long.
 */
final class Connector extends Thread {

    private final Path socket;
    private final HelloFrame hello;
    private final TaskThread tasks;
    private final CompletableFuture<SocketChannel> dataChannel = new CompletableFuture<>();

    /** @param hello introduces the control socket */
    Connector(Path socket, HelloFrame hello, TaskThread tasks) {
        super("procpool-connector");
        this.socket = socket;
        this.hello = hello;
        this.tasks = tasks;
        setDaemon(true);
        setContextClassLoader(null);
    }

    /** The data socket, on which nothing was said yet. Waits until it is connected. */
    SocketChannel dataChannel() {
        return dataChannel.join();
    }

    @Override
    public void run() {
        try {
            SocketChannel data = connect();
            ControlLoop control = new ControlLoop(connect(), tasks);
            control.hello(hello);
            control.start();
            dataChannel.complete(data);
        } catch (IOException | UncheckedIOException e) {
            Exit.supervisorGone();
        } catch (Throwable e) {
            Exit.failed("the worker could not connect", e);
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
}
