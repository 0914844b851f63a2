package org.procpool.server.security;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.secret.PemFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who is let in, by the files of the options, which it looks at every two seconds: what has changed is read anew,
 * and what cannot be read leaves everything as it was. Safe for use by any thread; the loops never wait for a file.
 */
public final class Gatekeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);
    private static final long LOOK_MILLIS = 2_000;
    /** A handshake costs a millisecond of computing, which no loop has. */
    private static final int HANDSHAKE_THREADS = 2;

    private final SecurityOptions options;
    private final List<Path> files;
    private final AddressLimit addressLimit;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final @Nullable ScheduledExecutorService threads;

    /** Replaced as a whole under the monitor, read by the loops. */
    private volatile State state;

    /** What the files looked like when they were read last; guarded by the monitor. */
    private List<String> seen;

    /** @param tokens null if none is asked for */
    private record State(@Nullable SslContext tls, @Nullable TokenTable tokens) {}

    private Gatekeeper(SecurityOptions options) throws IOException {
        this.options = options;
        this.addressLimit = new AddressLimit(options.connectionsPerAddressMax());
        this.files = Stream.of(options.certificate(), options.key(), options.clientAuthority(), options.tokens())
                .filter(Objects::nonNull)
                .toList();
        this.seen = look();
        this.state = read();
        this.threads = files.isEmpty() ? null : threads();
    }

    /**
     * Reads the files, and begins to watch them.
     *
     * @throws IllegalArgumentException if the options contradict each other
     * @throws IOException with a sentence for people if a file is not what it should be
     */
    public static Gatekeeper open(SecurityOptions options) throws IOException {
        options.checkTogether();
        Gatekeeper gatekeeper = new Gatekeeper(options);
        ScheduledExecutorService threads = gatekeeper.threads;
        if (threads != null) {
            threads.scheduleWithFixedDelay(
                    gatekeeper::reloadIfChanged, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return gatekeeper;
    }

    private static ScheduledExecutorService threads() {
        AtomicInteger count = new AtomicInteger();
        return Executors.newScheduledThreadPool(HANDSHAKE_THREADS, main -> {
            Thread thread = new Thread(main, "procpool-security-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private State read() throws IOException {
        Path tokens = options.tokens();
        return new State(readTls(), tokens == null ? null : TokenTable.read(tokens));
    }

    private @Nullable SslContext readTls() throws IOException {
        Path certificate = options.certificate();
        Path key = options.key();
        if (certificate == null || key == null) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forServer(PemFiles.identity(certificate, key))
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2");
        Path authority = options.clientAuthority();
        if (authority != null) {
            builder.trustManager(PemFiles.trust(authority)).clientAuth(ClientAuth.REQUIRE);
        }
        return builder.build();
    }

    private List<String> look() {
        return files.stream().map(Gatekeeper::look).toList();
    }

    private static String look(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
        } catch (IOException e) {
            return "gone";
        }
    }

    private void reloadIfChanged() {
        boolean changed;
        synchronized (this) {
            changed = !look().equals(seen);
        }
        if (changed) {
            try {
                reload();
            } catch (IOException e) {
                LOG.error("security: {}; what was read before stays in force", e.getMessage());
            }
        }
    }

    /**
     * Reads the files anew, changed or not.
     *
     * @throws IOException with a sentence for people; then everything stays as it was
     */
    public void reload() throws IOException {
        synchronized (this) {
            // Before they are read, so that a change in between is seen next time.
            seen = look();
            state = read();
        }
        TokenTable tokens = state.tokens();
        LOG.info(
                "security: certificates and tokens were read anew ({} tokens)",
                tokens == null ? "no" : Integer.toString(tokens.size()));
        listeners.forEach(Runnable::run);
    }

    /** Is told after each change, on any thread. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public SecurityOptions options() {
        return options;
    }

    /** Of connections that come through any door. */
    public AddressLimit addressLimit() {
        return addressLimit;
    }

    /**
     * Puts TLS before all other handlers of a new connection, if the options ask for it. On the channel's loop.
     *
     * @param timeoutNanos how long its handshake may take
     */
    public void guard(Channel channel, long timeoutNanos) {
        SslContext tls = state.tls();
        if (tls != null && threads != null) {
            SslHandler handler = tls.newHandler(channel.alloc(), threads);
            handler.setHandshakeTimeout(timeoutNanos, TimeUnit.NANOSECONDS);
            channel.pipeline().addFirst(new TlsGuard()).addFirst(handler);
        }
    }

    public boolean tls() {
        return options.certificate() != null;
    }

    /** Whether a token is asked for, whatever it is that somebody wants. */
    public boolean asksForTokens() {
        return options.tokens() != null;
    }

    /** What the bearer of a token may do, which everybody is that has none if none is asked for; null = nothing. */
    public @Nullable Grant grant(String token) {
        TokenTable tokens = state.tokens();
        return tokens == null ? Grant.ANYBODY : tokens.find(token);
    }

    /** Whether what was granted before is still so. */
    public boolean holds(Grant grant) {
        TokenTable tokens = state.tokens();
        return tokens == null || tokens.holds(grant);
    }

    /** Whether the admin HTTP may be asked under that name. */
    public boolean isHostName(String name) {
        return options.hostNames().contains(name.toLowerCase(Locale.ROOT));
    }

    /** Stops watching. */
    @Override
    public void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
