package org.procpool.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.procpool.PoolListener.PoolRolled;
import org.procpool.PoolSnapshot;
import org.procpool.task.PoolState;

/** What an operator may do to the pool while it runs. Used on the admin loop only. */
final class AdminActions {

    static final List<String> PATHS =
            List.of("/api/scale", "/api/pause", "/api/resume", "/api/quarantine", "/api/release", "/api/restart");

    private final AdminBackend backend;

    AdminActions(AdminBackend backend) {
        this.backend = backend;
    }

    /**
     * Does it, if the pool is not at its end.
     *
     * @param pool as it is now
     */
    CompletableFuture<Reply> act(QueryStringDecoder uri, PoolSnapshot pool) {
        boolean ends = pool.state() == PoolState.DRAINING
                || pool.state() == PoolState.STOPPED
                || pool.state() == PoolState.FAILED;
        if (ends) {
            return now(Reply.error(
                    HttpResponseStatus.CONFLICT,
                    "the service is " + AdminJson.lower(pool.state()) + "; nothing can be changed any more"));
        }
        return switch (uri.path()) {
            case "/api/scale" -> now(scale(AdminApi.parameter(uri, "workers")));
            case "/api/pause" -> now(pause(true));
            case "/api/resume" -> now(pause(false));
            case "/api/quarantine" -> quarantine(AdminApi.parameter(uri, "task"));
            case "/api/release" -> release(AdminApi.parameter(uri, "task"));
            default -> {
                yield AdminApi.parameter(uri, "worker") == null ? restart(pool) : restart(uri);
            }
        };
    }

    private static CompletableFuture<Reply> now(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private Reply scale(@Nullable String text) {
        try {
            int workers = Integer.parseInt(String.valueOf(text));
            backend.scale(workers);
            return Reply.of(HttpResponseStatus.OK, AdminJson.text(json -> {
                json.writeStartObject();
                json.writeNumberField("workers", workers);
                json.writeEndObject();
            }));
        } catch (NumberFormatException e) {
            return Reply.error(HttpResponseStatus.BAD_REQUEST, "workers must be a whole number, such as ?workers=4");
        } catch (IllegalArgumentException e) {
            return Reply.error(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Reply pause(boolean paused) {
        backend.pause(paused);
        return Reply.of(HttpResponseStatus.OK, AdminJson.text(json -> {
            json.writeStartObject();
            json.writeBooleanField("paused", paused);
            json.writeEndObject();
        }));
    }

    private CompletableFuture<Reply> quarantine(@Nullable String task) {
        return task == null ? now(noTask()) : backend.quarantine(task).handle((done, error) -> done(task, error));
    }

    private CompletableFuture<Reply> release(@Nullable String task) {
        return task == null ? now(noTask()) : backend.release(task).handle((done, error) -> done(task, error));
    }

    private static Reply noTask() {
        return Reply.error(HttpResponseStatus.BAD_REQUEST, "say which task, such as ?task=thumbnail");
    }

    private static Reply done(String task, @Nullable Throwable error) {
        return error == null
                ? Reply.of(HttpResponseStatus.OK, AdminJson.object("task", task))
                : Reply.error(HttpResponseStatus.CONFLICT, String.valueOf(error.getMessage()));
    }

    private CompletableFuture<Reply> restart(PoolSnapshot pool) {
        if (pool.rolling()) {
            return now(Reply.error(
                    HttpResponseStatus.CONFLICT, "a rolling restart is under way; wait until it has ended"));
        }
        return backend.restart().handle(AdminActions::restarted);
    }

    private CompletableFuture<Reply> restart(QueryStringDecoder uri) {
        try {
            int worker = AdminApi.worker(uri);
            return backend.restart(worker).thenApply(noted -> noted ? replaced(worker) : noSuch(worker));
        } catch (HttpException e) {
            return now(e.reply());
        }
    }

    private static Reply replaced(int worker) {
        return Reply.of(HttpResponseStatus.OK, AdminJson.text(json -> {
            json.writeStartObject();
            json.writeNumberField("worker", worker);
            json.writeEndObject();
        }));
    }

    private static Reply noSuch(int worker) {
        return Reply.error(
                HttpResponseStatus.CONFLICT, "there is no worker " + worker + " that is ready; see /api/workers");
    }

    private static Reply restarted(@Nullable PoolRolled rolled, @Nullable Throwable error) {
        if (rolled == null) {
            return Reply.error(HttpResponseStatus.CONFLICT, String.valueOf(error == null ? "" : error.getMessage()));
        }
        return rolled.failure() == null
                ? Reply.of(HttpResponseStatus.OK, AdminJson.text(json -> {
                    json.writeStartObject();
                    json.writeNumberField("release", rolled.release());
                    json.writeEndObject();
                }))
                : Reply.error(
                        HttpResponseStatus.CONFLICT,
                        "release " + rolled.release() + " was given up, the workers stay what they were: "
                                + rolled.failure());
    }
}
