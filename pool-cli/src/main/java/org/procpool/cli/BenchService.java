package org.procpool.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.procpool.PoolListener;
import org.procpool.PoolOptions;
import org.procpool.bench.BenchException;
import org.procpool.bench.BenchOptions;
import org.procpool.bench.ChildJvm;
import org.procpool.bench.ServiceSweep;
import org.procpool.server.PoolServer;
import org.procpool.server.ServerOptions;

/** A service with the sample tasks in a JVM of its own, to be measured; it ends with its standard input. */
final class BenchService implements ServiceSweep.Service {

    /** Also larger payloads than the default of a service are measured. */
    private static final int PAYLOAD_BYTES_MAX = 1 << 30;

    private final ChildJvm child;
    private final InetSocketAddress address;

    private BenchService(ChildJvm child, InetSocketAddress address) {
        this.child = child;
        this.address = address;
    }

    /** Starts one and waits until it is ready. */
    static BenchService start(int workers) throws BenchException, IOException {
        ChildJvm child = ChildJvm.service(BenchService.class, List.of(), List.of(Integer.toString(workers)));
        try {
            int port = Integer.parseInt(child.line());
            return new BenchService(child, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BenchException | IOException e) {
            child.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public BenchOptions options() {
        return BenchOptions.defaults(address);
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public ServiceSweep.Memory memory() throws BenchException, IOException {
        child.say("memory");
        String[] bytes = child.line().split(" ", -1);
        return new ServiceSweep.Memory(Long.parseLong(bytes[0]), Long.parseLong(bytes[1]));
    }

    @Override
    public void close() {
        child.close();
    }

    /** What the options of a measured service are. */
    static ServerOptions options(PoolOptions pool) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ServerOptions.defaults().withPool(pool).withListen(any).withAdmin(any);
    }

    /** A pool with the sample tasks. */
    static PoolOptions pool() {
        return PoolOptions.defaults()
                .withName("bench")
                .withHandlers(ServeCommand.samples())
                .withPayloadBytesMax(PAYLOAD_BYTES_MAX);
    }

    /** The program; its argument is the number of workers. */
    public static void main(String[] arguments) throws IOException {
        if (System.getenv("PROCPOOL_LOG_LEVEL") == null) {
            System.setProperty("PROCPOOL_LOG_LEVEL", "ERROR");
        }
        PoolOptions pool = pool().withWorkers(Integer.parseInt(arguments[0]));
        try (PoolServer server = PoolServer.startPrivate(options(pool), new PoolListener() {})) {
            System.out.println(server.address().getPort());
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            // Whoever started it keeps the pipe open as long as it wants the service; each line asks for the memory.
            while (input.readLine() != null) {
                ServiceSweep.Memory memory = ServiceSweep.Memory.collected();
                System.out.println(memory.heapBytes() + " " + memory.directBytes());
            }
        }
        System.exit(0);
    }
}
