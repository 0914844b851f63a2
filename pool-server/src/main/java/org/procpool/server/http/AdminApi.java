package org.procpool.server.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.task.Durations;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** From a request to its answer. Used on the admin loop only. */
final class AdminApi {

    private static final int TASKS_DEFAULT = 100;
    private static final int TASKS_MAX = 10_000;

    private final AdminBackend backend;
    private final Access access;
    private final PoolWatch watch;
    /** Made when somebody asks, since it is much to load. */
    private @Nullable Metrics metrics;

    AdminApi(AdminBackend backend, Access access, PoolWatch watch) {
        this.backend = backend;
        this.access = access;
        this.watch = watch;
    }

    /** Whether the answer is one that never ends. */
    static boolean isStream(HttpRequest request) {
        return new QueryStringDecoder(request.uri()).rawPath().equals("/api/events");
    }

    /**
     * Lets one more watch.
     *
     * @throws HttpException if it may not
     */
    EventStream stream(HttpRequest request, InetAddress bound, Channel channel) throws HttpException {
        access.check(request, "/api/events", bound);
        allow(request, HttpMethod.GET);
        if (watch.isFull()) {
            throw new HttpException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "there are " + PoolWatch.STREAMS_MAX + " who watch, the limit; try again later");
        }
        EventStream stream = new EventStream(
                channel, PulseJson.Position.parse(request.headers().get("last-event-id")));
        stream.begin();
        watch.add(stream);
        return stream;
    }

    void leaves(EventStream stream) {
        watch.remove(stream);
    }

    private Reply scrape(PoolReport report, HttpRequest request) {
        Metrics known = metrics;
        if (known == null) {
            known = new Metrics(watch.lag());
            metrics = known;
        }
        return known.scrape(report, request.headers().get(HttpHeaderNames.ACCEPT));
    }

    /**
     * Answers one request.
     *
     * @param bound the address that the connection came in on
     * @param loop where the answer is made up, off the pool's loop: it may read {@code /proc}
     * @throws HttpException if the request is not one of this service
     */
    CompletableFuture<Reply> answer(HttpRequest request, InetAddress bound, Executor loop) throws HttpException {
        if (!request.uri().startsWith("/")) {
            throw new HttpException(HttpResponseStatus.BAD_REQUEST, "the request's target must be a path");
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        access.check(request, path(uri), bound);
        switch (path(uri)) {
            case "/api/status" -> {
                allow(request, HttpMethod.GET);
                return fromSnapshot(
                        loop,
                        pool -> Reply.of(
                                HttpResponseStatus.OK,
                                AdminJson.status(pool, ResidentMemory::ofProcess, backend.memory())));
            }
            case "/api/workers" -> {
                allow(request, HttpMethod.GET);
                return fromSnapshot(
                        loop,
                        pool -> Reply.of(HttpResponseStatus.OK, AdminJson.workers(pool, ResidentMemory::ofProcess)));
            }
            case "/api/workers/dead" -> {
                allow(request, HttpMethod.GET);
                return backend.autopsies()
                        .thenApplyAsync(dead -> Reply.of(HttpResponseStatus.OK, AutopsyJson.list(dead)), loop);
            }
            case "/api/tasks" -> {
                allow(request, HttpMethod.GET);
                return backend.tasks(limit(uri))
                        .thenApplyAsync(found -> Reply.of(HttpResponseStatus.OK, AdminJson.tasks(found)), loop);
            }
            case "/metrics" -> {
                allow(request, HttpMethod.GET);
                return backend.report(Long.MAX_VALUE, Long.MAX_VALUE)
                        .thenApplyAsync(report -> scrape(report, request), loop);
            }
            case "/api/drain" -> {
                allow(request, HttpMethod.POST);
                return CompletableFuture.completedFuture(drain(timeout(uri)));
            }
            case "/api/scale", "/api/pause", "/api/resume", "/api/restart" -> {
                allow(request, HttpMethod.POST);
                return backend.snapshot().thenComposeAsync(pool -> new AdminActions(backend).act(uri, pool), loop);
            }
            case "/api/reload" -> {
                allow(request, HttpMethod.POST);
                return backend.reload().thenApplyAsync(AdminApi::reply, loop);
            }
            case "/healthz" -> {
                allow(request, HttpMethod.GET);
                return fromSnapshot(loop, pool -> verdict(pool, isAlive(pool.state())));
            }
            case "/readyz" -> {
                allow(request, HttpMethod.GET);
                return fromSnapshot(loop, pool -> verdict(pool, isReady(pool)));
            }
            default ->
                throw new HttpException(
                        HttpResponseStatus.NOT_FOUND,
                        "there is nothing here; try /api/status, /api/workers, /api/workers/dead, /api/tasks");
        }
    }

    private static String path(QueryStringDecoder uri) throws HttpException {
        try {
            // Decodes the parameters too, so that no later look at them fails.
            uri.parameters();
            return uri.path();
        } catch (IllegalArgumentException e) {
            throw new HttpException(
                    HttpResponseStatus.BAD_REQUEST, "the request's target has a percent sign that is no escape");
        }
    }

    private interface View {
        Reply of(PoolSnapshot pool);
    }

    private CompletableFuture<Reply> fromSnapshot(Executor loop, View view) {
        return backend.snapshot().thenApplyAsync(view::of, loop);
    }

    private static void allow(HttpRequest request, HttpMethod method) throws HttpException {
        if (!request.method().equals(method)) {
            throw new HttpException(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "this path answers to " + method.name() + " only",
                    Map.of(HttpHeaderNames.ALLOW, method.name()));
        }
    }

    private static Reply reply(ReloadReport report) {
        return report.problems().isEmpty()
                ? Reply.of(HttpResponseStatus.OK, AdminJson.reload(report))
                : Reply.of(
                        HttpResponseStatus.UNPROCESSABLE_ENTITY,
                        AdminJson.object("error", String.join("; ", report.problems())));
    }

    private Reply drain(@Nullable Duration timeout) {
        backend.drain(timeout);
        return Reply.of(HttpResponseStatus.ACCEPTED, AdminJson.object("state", AdminJson.lower(PoolState.DRAINING)));
    }

    private static @Nullable Duration timeout(QueryStringDecoder uri) throws HttpException {
        String text = parameter(uri, "timeout");
        try {
            return text == null ? null : Duration.ofNanos(Durations.parseNanos(text));
        } catch (IllegalArgumentException e) {
            throw new HttpException(HttpResponseStatus.BAD_REQUEST, "timeout: " + e.getMessage());
        }
    }

    private static int limit(QueryStringDecoder uri) throws HttpException {
        String text = parameter(uri, "limit");
        try {
            int limit = text == null ? TASKS_DEFAULT : Integer.parseInt(text);
            if (limit >= 1 && limit <= TASKS_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit();
        }
        throw badLimit();
    }

    private static HttpException badLimit() {
        return new HttpException(HttpResponseStatus.BAD_REQUEST, "limit must be a whole number from 1 to " + TASKS_MAX);
    }

    static @Nullable String parameter(QueryStringDecoder uri, String name) {
        List<String> values = uri.parameters().get(name);
        return values == null ? null : values.get(values.size() - 1);
    }

    private static Reply verdict(PoolSnapshot pool, boolean good) {
        return Reply.of(good ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE, AdminJson.health(pool));
    }

    private static boolean isAlive(PoolState state) {
        return switch (state) {
            case STARTING, RUNNING, DEGRADED, DRAINING -> true;
            case STOPPED, FAILED -> false;
        };
    }

    /** New tasks are taken and somebody is there to run them. */
    private static boolean isReady(PoolSnapshot pool) {
        boolean taking = pool.state() == PoolState.RUNNING || pool.state() == PoolState.DEGRADED;
        return taking && pool.workers().stream().anyMatch(AdminApi::takesTasks);
    }

    private static boolean takesTasks(WorkerSnapshot worker) {
        return worker.state() == WorkerState.IDLE || worker.state() == WorkerState.BUSY;
    }
}
