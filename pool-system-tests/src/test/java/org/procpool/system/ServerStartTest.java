package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolException;
import org.procpool.PoolListener;
import org.procpool.server.PoolServer;

/** A service that cannot start says why and leaves neither a process nor a port behind. */
@ExtendWith(LeakCheck.class)
class ServerStartTest {

    @Test
    void port_in_use_is_named_and_no_worker_stays() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            assertThatThrownBy(() -> PoolServer.start(TestServer.options().withListen(address)))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining(":" + taken.getLocalPort())
                    .hasMessageContaining("--listen");
            assertThat(Processes.workers()).isEmpty();
        }
    }

    @Test
    void admin_port_in_use_is_named_and_the_other_port_is_free_again() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress admin = new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
            InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), free);
            assertThatThrownBy(() -> PoolServer.start(
                            TestServer.options().withAdmin(admin).withListen(listen)))
                    .isInstanceOf(PoolException.class)
                    .hasMessageContaining(":" + taken.getLocalPort());
            new ServerSocket(listen.getPort(), 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void address_beyond_this_machine_is_refused_unless_asked_for() {
        assertThatThrownBy(() -> PoolServer.start(TestServer.options().withListen(new InetSocketAddress("0.0.0.0", 0))))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("--insecure");
    }

    @Test
    void worker_that_never_boots_ends_the_start_with_its_stderr() throws Exception {
        var script = FakeWorker.script(FakeWorker.Mode.SAYS_WHY_AND_NEVER_BOOTS);
        assertThatThrownBy(() -> PoolServer.start(TestServer.options()
                        .withPool(Handlers.options()
                                .withJava(script)
                                .withBootAttempts(1)
                                .withBootTimeoutNanos(1_000_000_000))))
                .isInstanceOf(PoolException.class)
                .hasMessageContaining("the coffee machine is not connected");
    }

    @Test
    void options_out_of_range_are_refused_by_name_before_anything_is_started() {
        List<Runnable> starts = List.of(
                () -> PoolServer.start(TestServer.options().withWindowTasks(0)),
                () -> PoolServer.start(TestServer.options().withConnectionsMax(0)),
                () -> PoolServer.start(TestServer.options().withHandshakeTimeoutNanos(0)),
                () -> PoolServer.start(TestServer.options().withResultTtlNanos(-1)),
                () -> PoolServer.start(
                        TestServer.options().withPool(Handlers.options().withWorkers(0))));
        for (Runnable start : starts) {
            assertThatThrownBy(start::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("[a-z-]+ (is|are) .*");
        }
        assertThat(Processes.workers()).isEmpty();
    }

    @Test
    void second_service_on_the_same_run_directory_is_refused_and_the_first_is_unharmed() throws Exception {
        try (TestServer first = TestServer.start()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> PoolServer.start(TestServer.options()))
                        .isInstanceOf(PoolException.class)
                        .hasMessageContaining("pid " + ProcessHandle.current().pid())
                        .hasMessageContaining(LeakCheck.runDirectory().toString())
                        .hasMessageContaining("--run-dir");
            }
            PoolServer.startPrivate(TestServer.options(), new PoolListener() {}).close();
            first.assertUnharmed();
        }
        TestServer.start().close();
    }

    @Test
    void service_can_be_started_again_on_the_same_port_at_once() throws Exception {
        int port;
        try (TestServer first = TestServer.start()) {
            port = first.port();
            first.assertUnharmed();
        }
        InetSocketAddress same = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (TestServer second = TestServer.start(options -> options.withListen(same))) {
            second.assertUnharmed();
        }
    }
}
