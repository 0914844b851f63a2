package org.procpool.server.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolReport;
import org.procpool.PoolSnapshot;
import org.procpool.proto.TaskId;
import org.procpool.server.security.Grant;
import org.procpool.task.Durations;
import org.procpool.task.PoolState;
import org.procpool.task.WorkerSnapshot;
import org.procpool.task.WorkerState;

/** From a request to its answer. Used on the admin loop only. */
final class AdminApi {

    private static final String EVENTS = "/api/events";
    private static final int TASKS_DEFAULT = 100;
    private static final int TASKS_MAX = 10_000;

    private final AdminBackend backend;
    private final TaskApi tasks;
    private final Access access;
    private final PoolWatch watch;
    /** By their paths. */
    private final Map<String, Route> routes = new HashMap<>();

    /** Made when somebody asks, since it is much to load. */
    private @Nullable Metrics metrics;

    AdminApi(AdminBackend backend, TaskApi tasks, Access access, PoolWatch watch) {
        this.backend = backend;
        this.tasks = tasks;
        this.access = access;
        this.watch = watch;
        routes();
    }

    private interface Answerer {

        /** @param loop where the answer is made up, off the pool's loop: it may read {@code /proc} */
        CompletableFuture<Reply> answer(HttpRequest request, QueryStringDecoder uri, Executor loop)
                throws HttpException;
    }

    private record Route(HttpMethod method, Answerer answerer) {}

    private void get(String path, Answerer answerer) {
        routes.put(path, new Route(HttpMethod.GET, answerer));
    }

    private void post(String path, Answerer answerer) {
        routes.put(path, new Route(HttpMethod.POST, answerer));
    }

    private void routes() {
        get(
                "/api/status",
                (request, uri, loop) -> fromSnapshot(
                        loop,
                        pool -> Reply.of(
                                HttpResponseStatus.OK,
                                AdminJson.status(
                                        pool, ResidentMemory::ofProcess, backend.memory(), backend.groups()))));
        get(
                "/api/workers",
                (request, uri, loop) -> fromSnapshot(
                        loop,
                        pool -> Reply.of(HttpResponseStatus.OK, AdminJson.workers(pool, ResidentMemory::ofProcess))));
        get(
                "/api/workers/dead",
                (request, uri, loop) -> backend.autopsies()
                        .thenApplyAsync(dead -> Reply.of(HttpResponseStatus.OK, AutopsyJson.list(dead)), loop));
        get(
                "/api/tasks",
                (request, uri, loop) -> backend.tasks(limit(uri))
                        .thenApplyAsync(found -> Reply.of(HttpResponseStatus.OK, AdminJson.tasks(found)), loop));
        get(
                "/api/quarantined",
                (request, uri, loop) -> fromSnapshot(
                        loop, pool -> Reply.of(HttpResponseStatus.OK, AdminJson.quarantined(pool.quarantined()))));
        get("/api/explain", (request, uri, loop) -> backend.explain(id(uri)).thenApplyAsync(AdminApi::explained, loop));
        get(
                "/api/openapi.json",
                (request, uri, loop) ->
                        CompletableFuture.completedFuture(Reply.of(HttpResponseStatus.OK, OpenApi.text())));
        get(
                "/metrics",
                (request, uri, loop) -> backend.report(Long.MAX_VALUE, Long.MAX_VALUE)
                        .thenApplyAsync(report -> scrape(report, request), loop));
        get("/healthz", (request, uri, loop) -> fromSnapshot(loop, pool -> verdict(pool, isAlive(pool))));
        get("/readyz", (request, uri, loop) -> fromSnapshot(loop, pool -> verdict(pool, isReady(pool))));
        post("/api/drain", (request, uri, loop) -> CompletableFuture.completedFuture(drain(timeout(uri))));
        for (String action : AdminActions.PATHS) {
            post(
                    action,
                    (request, uri, loop) -> backend.snapshot()
                            .thenComposeAsync(pool -> new AdminActions(backend).act(uri, pool), loop));
        }
        post("/api/dump", (request, uri, loop) -> {
            int worker = worker(uri);
            return backend.threadDump(worker).thenApplyAsync(threads -> threads(worker, threads), loop);
        });
        post("/api/reload", (request, uri, loop) -> backend.reload().thenApplyAsync(AdminApi::reply, loop));
    }

    /** All that there is, as method and path, with {@code {task}} for a name or an id. */
    Set<String> operations() {
        Set<String> all = new TreeSet<>(Set.of("GET " + EVENTS));
        routes.forEach((path, route) -> all.add(route.method + " " + path));
        TaskApi.METHODS.forEach(method -> all.add(method + " " + TaskApi.PREFIX + "{task}"));
        return all;
    }

    /** For requests about one task. */
    TaskApi tasks() {
        return tasks;
    }

    /** Whether the answer is one that never ends. */
    static boolean isStream(HttpRequest request) {
        return new QueryStringDecoder(request.uri()).rawPath().equals(EVENTS);
    }

    /**
     * Lets one more watch.
     *
     * @throws HttpException if it may not
     */
    EventStream stream(HttpRequest request, InetAddress bound, Channel channel) throws HttpException {
        Grant grant = access.check(request, EVENTS, bound);
        allow(request, HttpMethod.GET);
        if (watch.isFull()) {
            throw new HttpException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "there are " + PoolWatch.STREAMS_MAX + " who watch, the limit; try again later");
        }
        EventStream stream = new EventStream(
                channel, grant, PulseJson.Position.parse(request.headers().get("last-event-id")));
        stream.begin();
        watch.add(stream);
        return stream;
    }

    void leaves(EventStream stream) {
        watch.remove(stream);
    }

    /** Ends what waits with a token that has been withdrawn. */
    void recheck() {
        tasks.recheck();
        watch.recheck(access);
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
        Route route = routes.get(path(uri));
        if (route == null) {
            Reply asset = request.method().equals(HttpMethod.GET) ? Assets.find(path(uri)) : null;
            if (asset != null) {
                return CompletableFuture.completedFuture(asset);
            }
            throw new HttpException(
                    HttpResponseStatus.NOT_FOUND,
                    "there is nothing here; try /api/status, /api/workers, /api/workers/dead, /api/tasks, or"
                            + " /api/openapi.json for all there is");
        }
        allow(request, route.method);
        return route.answerer.answer(request, uri, loop);
    }

    static String path(QueryStringDecoder uri) throws HttpException {
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
            throw notAllowed(method.name());
        }
    }

    /** @param methods as the Allow header has them */
    static HttpException notAllowed(String methods) {
        return new HttpException(
                HttpResponseStatus.METHOD_NOT_ALLOWED,
                "this path answers to " + methods + " only",
                Map.of(HttpHeaderNames.ALLOW, methods));
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

    /** Number of the worker that the request is about. */
    static int worker(QueryStringDecoder uri) throws HttpException {
        try {
            return Integer.parseInt(String.valueOf(parameter(uri, "worker")));
        } catch (NumberFormatException e) {
            throw new HttpException(HttpResponseStatus.BAD_REQUEST, "worker must be its number, such as ?worker=2");
        }
    }

    private static Reply threads(int worker, String threads) {
        return threads.isEmpty()
                ? Reply.error(
                        HttpResponseStatus.CONFLICT,
                        "worker " + worker + " does not tell what its threads do: there is none of that number, it is"
                                + " not ready, it is stopped, or it is not a JVM")
                : Reply.of(HttpResponseStatus.OK, AdminJson.object("threads", threads));
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

    private static long id(QueryStringDecoder uri) throws HttpException {
        try {
            return TaskId.parse(String.valueOf(parameter(uri, "id")));
        } catch (IllegalArgumentException e) {
            throw new HttpException(HttpResponseStatus.BAD_REQUEST, "id: " + e.getMessage());
        }
    }

    private static Reply explained(List<String> lines) {
        return lines.isEmpty()
                ? Reply.error(
                        HttpResponseStatus.NOT_FOUND,
                        "no task of that id is under way: it has ended, or never was here; 'procpool result' knows what"
                                + " became of detached ones")
                : Reply.of(HttpResponseStatus.OK, AdminJson.explained(lines));
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

    /** Whether to leave it alone: a restart helps one that is at its end, or hands out nothing though it could. */
    private static boolean isAlive(PoolSnapshot pool) {
        return switch (pool.state()) {
            case STARTING, RUNNING, DEGRADED, DRAINING -> pool.stuck() == null;
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
