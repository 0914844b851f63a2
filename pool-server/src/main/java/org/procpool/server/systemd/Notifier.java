package org.procpool.server.systemd;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service is ({@code sd_notify}). What proves that the service is alive is sent by the pool's
 * own loop, so a loop that is stuck is silent, and systemd starts the service anew. Safe for use by any thread.
 */
public final class Notifier implements AutoCloseable {

    /** How the service is, asked on the loop. */
    public interface Vitals {
        Pulse pulse();
    }

    /**
     * How the service is at a moment.
     *
     * @param status one line for {@code systemctl status}
     * @param stopping whether it has begun to shut down
     */
    public record Pulse(String status, boolean stopping) {}

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final long TICK_MICROS_MAX = TimeUnit.SECONDS.toMicros(1);
    /** Asked for again every tick, as long as the service is shutting down; its own drain time-out ends it. */
    private static final long MORE_TIME_MICROS = TimeUnit.SECONDS.toMicros(15);

    private final @Nullable Channel socket;
    private final Vitals vitals;
    /** 0 = systemd does not watch. */
    private final long watchdogMicros;

    private @Nullable ScheduledFuture<?> ticks;
    /** On the loop, as are those below. */
    private String toldStatus = "";

    private boolean toldStopping;
    private long fedNanos;

    private Notifier(@Nullable Channel socket, Vitals vitals, long watchdogMicros) {
        this.socket = socket;
        this.vitals = vitals;
        this.watchdogMicros = watchdogMicros;
    }

    /**
     * Says that the service is ready, and from then on how it is. Blocks; any thread but the loop.
     *
     * @param environment where systemd has left its address; without one nothing is ever sent
     * @param loop the pool's
     */
    public static Notifier start(Map<String, String> environment, EventLoop loop, Vitals vitals) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return new Notifier(null, vitals, 0);
        }
        if (!Epoll.isAvailable()) {
            LOG.warn("systemd cannot be told that the service is ready: Netty's epoll does not work here");
            return new Notifier(null, vitals, 0);
        }
        // A name that begins with a zero byte stands in no file system; systemd writes it with an @.
        String path = address.startsWith("@") ? "\0" + address.substring(1) : address;
        var connected = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new DomainSocketAddress(path))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            LOG.warn(
                    "systemd cannot be told that the service is ready, at {}: {}",
                    address,
                    connected.cause().toString());
            return new Notifier(null, vitals, 0);
        }
        Notifier notifier = new Notifier(connected.channel(), vitals, watchdogMicros(environment));
        notifier.begin(loop);
        return notifier;
    }

    private static long watchdogMicros(Map<String, String> environment) {
        String own = Long.toString(ProcessHandle.current().pid());
        String pid = environment.getOrDefault("WATCHDOG_PID", own);
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        return pid.equals(own) && micros.matches("[1-9][0-9]{0,17}") ? Long.parseLong(micros) : 0;
    }

    private void begin(EventLoop loop) {
        send("READY=1");
        long tick = watchdogMicros == 0 ? TICK_MICROS_MAX : Math.min(TICK_MICROS_MAX, Math.max(1, watchdogMicros / 2));
        fedNanos = System.nanoTime() - TimeUnit.MICROSECONDS.toNanos(watchdogMicros);
        ticks = loop.scheduleAtFixedRate(this::tick, 0, tick, TimeUnit.MICROSECONDS);
    }

    private void tick() {
        Pulse pulse = vitals.pulse();
        StringBuilder message = new StringBuilder();
        long now = System.nanoTime();
        // Half the time would do; a third leaves room for a tick that is late.
        if (watchdogMicros > 0 && now - fedNanos >= TimeUnit.MICROSECONDS.toNanos(watchdogMicros / 3)) {
            fedNanos = now;
            message.append("WATCHDOG=1\n");
        }
        if (pulse.stopping() && !toldStopping) {
            toldStopping = true;
            message.append("STOPPING=1\n");
        }
        if (pulse.stopping()) {
            message.append("EXTEND_TIMEOUT_USEC=").append(MORE_TIME_MICROS).append('\n');
        }
        if (!pulse.status().equals(toldStatus)) {
            toldStatus = pulse.status();
            message.append("STATUS=").append(toldStatus).append('\n');
        }
        if (message.length() > 0) {
            send(message.toString());
        }
    }

    /** Says that the configuration is being read again; to be followed by {@link #reloaded}. */
    public void reloading() {
        // The JVM's clock is the kernel's CLOCK_MONOTONIC, which is the one that systemd asks for.
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
    }

    /** Says that the configuration has been read again. */
    public void reloaded() {
        send("READY=1");
    }

    private void send(String message) {
        if (socket != null) {
            socket.writeAndFlush(Unpooled.copiedBuffer(message, StandardCharsets.UTF_8));
        }
    }

    /** Says no more. */
    @Override
    public void close() {
        if (ticks != null) {
            ticks.cancel(false);
        }
        if (socket != null) {
            socket.close();
        }
    }
}
