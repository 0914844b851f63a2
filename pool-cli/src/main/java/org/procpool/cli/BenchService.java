package org.procpool.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
        return PoolOptions.defaults().withName("bench").withHandlers(ServeCommand.samples());
    }

    /** The program; its argument is the number of workers. */
    public static void main(String[] arguments) throws IOException {
        if (System.getenv("PROCPOOL_LOG_LEVEL") == null) {
            System.setProperty("PROCPOOL_LOG_LEVEL", "ERROR");
        }
        PoolOptions pool = pool().withWorkers(Integer.parseInt(arguments[0]));
        try (PoolServer server = PoolServer.startPrivate(options(pool), new PoolListener() {})) {
            System.out.println(server.address().getPort());
            while (System.in.read() >= 0) {
                // Whoever started it says nothing and keeps the pipe open as long as it wants the service.
            }
        }
        System.exit(0);
    }
}
