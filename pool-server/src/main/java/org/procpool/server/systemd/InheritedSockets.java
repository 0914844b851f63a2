package org.procpool.server.systemd;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.procpool.link.Transport;

/**
 * The sockets that systemd listens on for this service and has handed to its process (socket activation): they are
 * there before the service is, so clients wait while it starts. Immutable.
 */
public final class InheritedSockets {

    /** Named so by FileDescriptorName= in the socket unit; anything else is for clients. */
    private static final String ADMIN = "admin";

    private static final String CLIENTS = "clients";
    private static final int FIRST_DESCRIPTOR = 3;
    /** O_NONBLOCK, as Linux shows it. */
    private static final int NON_BLOCKING = 04000;

    private static final InheritedSockets OWN = own();

    private final Map<String, Integer> descriptors;
    private final Map<InetSocketAddress, Integer> byAddress = new HashMap<>();

    private InheritedSockets(Map<String, Integer> descriptors) {
        this.descriptors = Map.copyOf(descriptors);
        descriptors.values().forEach(descriptor -> byAddress.put(address(descriptor), descriptor));
    }

    /** Those of this process. */
    public static InheritedSockets ofProcess() {
        return OWN;
    }

    private static InheritedSockets own() {
        Map<String, Integer> named =
                named(System.getenv(), ProcessHandle.current().pid());
        // Without Netty's native part nothing can be learned of them, let alone done with them.
        return new InheritedSockets(named.isEmpty() || Epoll.isAvailable() ? named : Map.of());
    }

    /**
     * Which descriptors there are, by their use.
     *
     * @param pid of the process that the environment is for
     */
    static Map<String, Integer> named(Map<String, String> environment, long pid) {
        Map<String, Integer> named = new HashMap<>();
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid)) || !count.matches("[0-9]{1,4}")) {
            return named;
        }
        List<String> names =
                List.of(environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1));
        for (int i = 0; i < Integer.parseInt(count); i++) {
            boolean admin = i < names.size() && names.get(i).equals(ADMIN);
            named.putIfAbsent(admin ? ADMIN : CLIENTS, FIRST_DESCRIPTOR + i);
        }
        return named;
    }

    private static InetSocketAddress address(int descriptor) {
        InetSocketAddress address = new Socket(descriptor).localAddress();
        if (address == null) {
            throw new IllegalArgumentException(
                    "the socket that systemd has handed over is none of TCP; give ListenStream= HOST:PORT");
        }
        return address;
    }

    /** Where systemd listens for clients; null if it does not. */
    public @Nullable InetSocketAddress clients() {
        return address(CLIENTS);
    }

    /** Where systemd listens for the admin HTTP; null if it does not. */
    public @Nullable InetSocketAddress admin() {
        return address(ADMIN);
    }

    private @Nullable InetSocketAddress address(String use) {
        Integer descriptor = descriptors.get(use);
        return descriptor == null ? null : address(descriptor);
    }

    /**
     * Listens on the address: with the socket that is there for it, else with a new one.
     *
     * @param bootstrap without a channel
     */
    public ChannelFuture bind(ServerBootstrap bootstrap, InetSocketAddress address) {
        Integer descriptor = byAddress.get(address);
        if (descriptor == null) {
            return bootstrap.channel(Transport.best().tcpServer()).bind(address);
        }
        checkNonBlocking(descriptor);
        return bootstrap
                .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                .register();
    }

    /** The loop would stand still in a socket that waits. */
    private static void checkNonBlocking(int descriptor) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
                if (line.startsWith("flags:")
                        && (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & NON_BLOCKING) == 0) {
                    throw new IllegalArgumentException("the socket that systemd has handed over would block the"
                            + " service; put NonBlocking=true into its unit");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the socket that systemd has handed over", e);
        }
    }
}
