package org.procpool.server.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.server.systemd.Notifier.Pulse;

/** What is said on the socket, with a test in systemd's place. */
class NotifierTest {

    private static final long DEADLINE_SECONDS = 20;

    @TempDir
    Path directory;

    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicBoolean offTheLoop = new AtomicBoolean();
    private EventLoopGroup loops;
    private Channel systemd;
    private Notifier notifier;
    private volatile Pulse pulse = new Pulse("running: 2 workers", false);

    @BeforeEach
    void listen() throws Exception {
        assumeTrue(Epoll.isAvailable(), "there is no epoll here");
        loops = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());
        systemd = new Bootstrap()
                .group(loops)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        heard.addAll(packet.content()
                                .toString(StandardCharsets.UTF_8)
                                .lines()
                                .toList());
                    }
                })
                .bind(new DomainSocketAddress(directory.resolve("notify").toString()))
                .sync()
                .channel();
    }

    @AfterEach
    void stop() throws Exception {
        if (notifier != null) {
            notifier.close();
        }
        if (loops != null) {
            systemd.close().sync();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private Notifier start(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("NOTIFY_SOCKET", directory.resolve("notify").toString());
        var loop = loops.next();
        return Notifier.start(environment, loop, () -> {
            offTheLoop.compareAndSet(false, !loop.inEventLoop());
            return pulse;
        });
    }

    private void hears(String start) throws InterruptedException {
        String line = "";
        while (!line.startsWith(start)) {
            line = heard.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("waiting for %s", start).isNotNull();
        }
    }

    @Test
    void service_is_ready_shows_its_state_and_says_when_it_stops() throws Exception {
        notifier = start(Map.of());
        hears("READY=1");
        hears("STATUS=running: 2 workers");
        pulse = new Pulse("draining: 2 workers", true);
        hears("STOPPING=1");
        hears("EXTEND_TIMEOUT_USEC=");
        hears("STATUS=draining: 2 workers");
        hears("EXTEND_TIMEOUT_USEC=");
        notifier.close();
        assertThat(heard).doesNotContain("WATCHDOG=1", "STOPPING=1");
    }

    @Test
    void watchdog_is_fed_by_the_loop_again_and_again() throws Exception {
        notifier = start(Map.of("WATCHDOG_USEC", "30000"));
        hears("WATCHDOG=1");
        hears("WATCHDOG=1");
        hears("WATCHDOG=1");
        notifier.close();
        assertThat(offTheLoop).isFalse();
    }

    @Test
    void watchdog_of_another_process_is_not_fed() throws Exception {
        notifier = start(Map.of("WATCHDOG_USEC", "30000", "WATCHDOG_PID", "1"));
        hears("STATUS=");
        pulse = new Pulse("another", false);
        hears("STATUS=another");
        notifier.close();
        assertThat(heard).doesNotContain("WATCHDOG=1");
    }

    @Test
    void reload_is_told_with_the_time_that_systemd_wants() throws Exception {
        notifier = start(Map.of());
        hears("READY=1");
        notifier.reloading();
        hears("RELOADING=1");
        hears("MONOTONIC_USEC=");
        notifier.reloaded();
        hears("READY=1");
        notifier.close();
    }

    @Test
    void without_systemd_nothing_is_said_and_nothing_fails() {
        notifier = Notifier.start(Map.of(), loops.next(), () -> pulse);
        notifier.reloading();
        notifier.reloaded();
        notifier.close();
        assertThat(heard).isEmpty();
    }

    @Test
    void systemd_that_has_gone_does_not_keep_the_service_from_starting() throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", directory.resolve("gone").toString());
        notifier = Notifier.start(environment, loops.next(), () -> pulse);
        notifier.reloaded();
        notifier.close();
        assertThat(heard).isEmpty();
    }
}
