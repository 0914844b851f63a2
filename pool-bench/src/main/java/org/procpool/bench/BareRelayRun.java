package org.procpool.bench;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.procpool.bench.floor.BareRelay;
import org.procpool.bench.floor.FloorFrames;
import org.procpool.bench.floor.FloorWorker;
import org.procpool.bench.floor.RelayOptions;

/** A bare relay with its workers, and a connection to it. One thread. */
final class BareRelayRun implements AutoCloseable {

    /** Workers of the product have the same collector and sizes. */
    private static final List<String> WORKER_JVM_ARGS =
            List.of("-XX:+UseSerialGC", "-Xss512k", "-Xmx256m", "-XX:-UsePerfData");

    private final FloorTask task;
    private final SocketChannel channel;
    private final List<ChildJvm> children;

    private BareRelayRun(FloorTask task, SocketChannel channel, List<ChildJvm> children) {
        this.task = task;
        this.channel = channel;
        this.children = children;
    }

    /** @param directory for the socket file */
    static BareRelayRun start(RelayOptions options, FloorTask task, Path directory) throws BenchException, IOException {
        String file = directory.resolve("relay").toString();
        List<String> arguments = new ArrayList<>(List.of(file));
        arguments.addAll(options.words());
        List<ChildJvm> children = new ArrayList<>();
        try {
            ChildJvm relay = ChildJvm.service(BareRelay.class, List.of(), arguments);
            children.add(relay);
            int port = Integer.parseInt(relay.line());
            for (int i = 0; i < options.workers(); i++) {
                children.add(worker(FloorFrames.unix(file), task));
            }
            relay.line();
            return new BareRelayRun(task, FloorFrames.connect(FloorFrames.tcp(port)), children);
        } catch (BenchException | IOException e) {
            children.forEach(ChildJvm::close);
            throw e;
        }
    }

    static ChildJvm worker(String address, FloorTask task) throws IOException {
        return ChildJvm.start(FloorWorker.class, WORKER_JVM_ARGS, List.of(address, task.word()));
    }

    Speed measure(int payloadBytes, int window, long warmupNanos, long measuredNanos)
            throws BenchException, IOException {
        return new FloorLoad(channel, task, payloadBytes, window).run(warmupNanos, measuredNanos);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        children.forEach(ChildJvm::close);
    }
}
