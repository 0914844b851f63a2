package org.procpool.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolException;
import org.procpool.PoolListener;
import org.procpool.PoolPort;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.ProcessPool;
import org.procpool.cgroup.GroupState;
import org.procpool.conductor.Task;
import org.procpool.conductor.TaskState;
import org.procpool.process.MemoryPlan;
import org.procpool.server.gateway.Gateway;
import org.procpool.server.http.AdminBackend;
import org.procpool.server.http.AdminServer;
import org.procpool.server.http.ReloadReport;
import org.procpool.server.http.TaskView;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.SecurityOptions;
import org.procpool.server.systemd.InheritedSockets;
import org.procpool.server.systemd.Notifier;
import org.procpool.server.systemd.Notifier.Pulse;
import org.procpool.task.Autopsy;

/** The service: a pool, its TCP gateway and its admin HTTP. All methods may be called by any thread. */
public final class PoolServer implements AutoCloseable {

    private final LiveOptions options;
    private final ProcessPool pool;
    private final Gateway gateway;
    private final AdminServer admin;
    private final Gatekeeper gatekeeper;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable ServerLock lock;
    private final CompletableFuture<Void> terminated;

    private PoolServer(
            LiveOptions options,
            ProcessPool pool,
            Gateway gateway,
            AdminServer admin,
            Gatekeeper gatekeeper,
            @Nullable ServerLock lock) {
        this.options = options;
        this.gatekeeper = gatekeeper;
        this.lock = lock;
        this.pool = pool;
        this.gateway = gateway;
        this.admin = admin;
        // Clients get their last result before their sockets close.
        this.terminated = pool.terminated()
                .handle((done, error) -> CompletableFuture.allOf(gateway.finish(), admin.finish())
                        .thenRun(() -> {
                            if (error != null) {
                                throw new PoolException("the pool broke", error);
                            }
                        }))
                .thenCompose(finished -> finished);
    }

    /**
     * Starts the service; returns when its first worker is ready and both addresses are listened on. It is the only one
     * on its run directory.
     *
     * @throws IllegalArgumentException if an option is out of its range
     * @throws PoolException with a sentence for people if it cannot start
     */
    public static PoolServer start(ServerOptions given) {
        ServerOptions options = withInherited(given);
        check(options);
        ServerLock lock;
        try {
            lock = ServerLock.take(options.pool().runDirectory());
        } catch (IOException e) {
            throw new PoolException(String.valueOf(e.getMessage()), e);
        }
        try {
            return start(options, new PoolListener() {}, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Where systemd listens for us already, its word on the address counts. */
    private static ServerOptions withInherited(ServerOptions options) {
        InetSocketAddress clients = InheritedSockets.ofProcess().clients();
        InetSocketAddress admin = InheritedSockets.ofProcess().admin();
        return options.withListen(clients == null ? options.listen() : clients)
                .withAdmin(admin == null ? options.admin() : admin);
    }

    /**
     * Starts a service for this program alone, which shares its run directory with others, as pools of the library do.
     *
     * @throws IllegalArgumentException if an option is out of its range
     * @throws PoolException with a sentence for people if it cannot start
     */
    public static PoolServer startPrivate(ServerOptions options, PoolListener listener) {
        check(options);
        return start(options, listener, null);
    }

    /**
     * Checks all that can be checked without starting anything.
     *
     * @throws IllegalArgumentException if an option is out of its range or contradicts another
     * @throws PoolException with a sentence for people if it may not listen there
     */
    public static void check(ServerOptions options) {
        options.pool().check();
        options.gateway();
        options.security().checkTogether();
        checkAddress("--listen", options.listen(), options.security());
        checkAddress("--admin", options.admin(), options.security());
    }

    private static PoolServer start(ServerOptions options, PoolListener listener, @Nullable ServerLock lock) {
        Gatekeeper gatekeeper;
        try {
            // Before any worker is started: what is wrong here is wrong at once.
            gatekeeper = Gatekeeper.open(options.security());
        } catch (IOException e) {
            throw new PoolException(String.valueOf(e.getMessage()), e);
        }
        try {
            return start(options, listener, gatekeeper, lock);
        } catch (RuntimeException e) {
            gatekeeper.close();
            throw e;
        }
    }

    private static PoolServer start(
            ServerOptions options, PoolListener listener, Gatekeeper gatekeeper, @Nullable ServerLock lock) {
        ProcessPool pool =
                ProcessPool.builder().options(options.pool()).listener(listener).build();
        LiveOptions live = new LiveOptions(options);
        Gateway gateway = null;
        try {
            gateway = Gateway.start(options.gateway(), pool.port(), gatekeeper);
            gatekeeper.onChange(gateway::recheck);
            Path runDirectory = options.pool().runDirectory();
            AdminServer admin = AdminServer.start(
                    options.admin(), new Backend(live, pool, gateway), gateway.desk(), runDirectory, gatekeeper);
            gatekeeper.onChange(admin::recheck);
            return new PoolServer(live, pool, gateway, admin, gatekeeper, lock);
        } catch (IOException e) {
            if (gateway != null) {
                gateway.close();
            }
            pool.close();
            throw new PoolException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkAddress(String option, InetSocketAddress address, SecurityOptions security) {
        if (address.isUnresolved()) {
            throw new PoolException("the host of " + option + " " + address.getHostString() + " is not known");
        }
        if (!address.getAddress().isLoopbackAddress() && !security.insecure() && !security.safeForStrangers()) {
            throw new PoolException(option + " " + address.getHostString() + " can be reached from other machines, and"
                    + " everybody there could run tasks; give --tls-cert and --tls-key and one of --tokens and"
                    + " --tls-client-ca, or listen on 127.0.0.1, or accept that with --insecure");
        }
    }

    /**
     * Reads certificates and tokens anew, which happens by itself too when their files change.
     *
     * @throws IOException with a sentence for people; then everything stays as it was
     */
    public void reloadSecurity() throws IOException {
        gatekeeper.reload();
    }

    /** For clients. */
    public InetSocketAddress address() {
        return gateway.address();
    }

    /** Of the admin HTTP. */
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Whether both addresses speak TLS, and nothing else. */
    public boolean tls() {
        return gatekeeper.tls();
    }

    public ProcessPool pool() {
        return pool;
    }

    /** What is in force now. */
    public ServerOptions options() {
        return options.now();
    }

    /**
     * Takes over from other options what can change while the service runs; see {@link ServerOptions#withLiveOf}. The
     * options must have been checked.
     *
     * @throws IllegalArgumentException if the memory does not suffice for so many workers; nothing is changed then
     */
    public void reconfigure(ServerOptions value) {
        ServerOptions before = options.now();
        ServerOptions next = before.withLiveOf(value);
        // First, since it may be refused. What somebody has scaled meanwhile stays so, unless the setting has changed.
        if (next.pool().workers() != before.pool().workers()) {
            pool.scale(next.pool().workers());
        }
        gateway.reconfigure(next.gateway());
        PoolPort port = pool.port();
        port.eventLoop().execute(() -> {
            port.limit(next.pool());
            port.endTurn();
        });
        options.change(next);
    }

    /**
     * Tells systemd from now on how the service is, if systemd runs it. Waits; any thread but the loop.
     *
     * @param environment of this process
     * @param view what is told; called on the loop
     */
    public Notifier tellSystemd(Map<String, String> environment, Function<PoolSnapshot, Pulse> view) {
        PoolPort port = pool.port();
        return Notifier.start(environment, port.eventLoop(), () -> {
            PoolSnapshot now = port.snapshot();
            // A whole turn, or a pool that is stuck inside would look alive.
            port.endTurn();
            return view.apply(now);
        });
    }

    /** Who reads the configuration again when the admin HTTP is asked to; called on a thread that may wait. */
    public void reloadBy(Supplier<ReloadReport> reload) {
        options.reloadBy(reload);
    }

    /** How long a shutdown lets tasks finish. */
    public Duration drainTimeout() {
        return Duration.ofNanos(options.now().pool().drainTimeoutNanos());
    }

    /**
     * Takes no more tasks, finishes those it has within the time given, cancels the rest, lets every worker go and
     * closes every connection after its last result.
     *
     * @return completes when all that is done
     */
    public CompletableFuture<Void> drain(Duration timeout) {
        // First, so that nobody who was told to go away has another task accepted.
        pool.drain(timeout);
        gateway.goAway("the service is draining");
        return terminated.copy();
    }

    /**
     * Ends everything at once.
     *
     * @return completes when no process is left
     */
    public CompletableFuture<Void> stop() {
        pool.stop();
        gateway.goAway("the service is stopping");
        return terminated.copy();
    }

    /** Completes when nothing is left running; exceptionally if the pool broke. */
    public CompletableFuture<Void> terminated() {
        return terminated.copy();
    }

    /** Drains within the pool's drain time-out, waits, and closes everything; does nothing the second time. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        drain(drainTimeout()).exceptionally(e -> null).join();
        admin.close();
        gateway.close();
        gatekeeper.close();
        pool.close();
        if (lock != null) {
            lock.close();
        }
    }

    /** What the admin HTTP sees of the service. */
    private record Backend(LiveOptions options, ProcessPool pool, Gateway gateway) implements AdminBackend {

        @Override
        public CompletableFuture<PoolSnapshot> snapshot() {
            return onLoop(() -> pool.port().snapshot());
        }

        @Override
        public CompletableFuture<List<TaskView>> tasks(int max) {
            return onLoop(() -> {
                long now = pool.port().nowNanos();
                return pool.port().tasks(max).stream()
                        .map(task -> view(task, now))
                        .toList();
            });
        }

        private static TaskView view(Task task, long nowNanos) {
            boolean running = task.workerSlot() != 0 && task.started();
            boolean handedOut = task.state() == TaskState.RUNNING && !task.started();
            return new TaskView(
                    task.id(),
                    task.spec().name(),
                    task.stopping() ? "cancelling" : lower(handedOut ? TaskState.QUEUED : task.state()),
                    task.attempts() - (handedOut ? 1 : 0),
                    task.workerSlot(),
                    (nowNanos - task.submittedNanos()) / 1_000_000,
                    running ? (nowNanos - task.startedNanos()) / 1_000_000 : 0,
                    task.spec().priority());
        }

        private static String lower(TaskState state) {
            return state.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public CompletableFuture<String> threadDump(int worker) {
            return onLoop(() -> pool.port().threadDump(worker)).thenCompose(dump -> dump);
        }

        @Override
        public CompletableFuture<List<String>> explain(long taskId) {
            return onLoop(() -> pool.port().explain(taskId));
        }

        @Override
        public CompletableFuture<List<Autopsy>> autopsies() {
            return onLoop(() -> pool.port().autopsies());
        }

        @Override
        public CompletableFuture<PoolReport> report(long eventsAfter, long mishapsAfter) {
            return onLoop(() -> pool.port().report(eventsAfter, mishapsAfter));
        }

        private <T> CompletableFuture<T> onLoop(Supplier<T> question) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            pool.port().eventLoop().execute(() -> {
                answer.complete(question.get());
                pool.port().endTurn();
            });
            return answer;
        }

        @Override
        public @Nullable MemoryPlan memory() {
            return pool.memory();
        }

        @Override
        public GroupState groups() {
            return pool.groups();
        }

        @Override
        public void scale(int workers) {
            pool.scale(workers);
        }

        @Override
        public void pause(boolean paused) {
            if (paused) {
                pool.pause();
            } else {
                pool.resume();
            }
        }

        @Override
        public CompletableFuture<PoolListener.PoolRolled> restart() {
            return pool.restart();
        }

        @Override
        public CompletableFuture<Boolean> restart(int worker) {
            return pool.restart(worker);
        }

        @Override
        public CompletableFuture<Void> quarantine(String task) {
            return pool.quarantine().add(task);
        }

        @Override
        public CompletableFuture<Void> release(String task) {
            return pool.quarantine().release(task);
        }

        @Override
        public CompletableFuture<ReloadReport> reload() {
            return CompletableFuture.supplyAsync(options.reload());
        }

        @Override
        public void drain(@Nullable Duration timeout) {
            // First, so that nobody who was told to go away has another task accepted.
            pool.drain(timeout == null ? Duration.ofNanos(options.now().pool().drainTimeoutNanos()) : timeout);
            gateway.goAway("the service is draining");
        }
    }
}
