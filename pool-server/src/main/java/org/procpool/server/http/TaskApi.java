package org.procpool.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskId;
import org.procpool.server.desk.TaskDesk;
import org.procpool.server.security.Grant;
import org.procpool.spool.Spool;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** Runs tasks, tells of them and cancels them for those who ask by HTTP. Used on the admin loop only. */
final class TaskApi {

    static final String PREFIX = "/api/tasks/";
    static final List<HttpMethod> METHODS = List.of(HttpMethod.POST, HttpMethod.GET, HttpMethod.DELETE);

    private final TaskDesk desk;
    private final Access access;
    /** Those that have no answer yet, or whose answer is not written yet. */
    private final Set<TaskCall> open = new HashSet<>();

    private @Nullable CompletableFuture<Void> finished;

    TaskApi(TaskDesk desk, Access access) {
        this.desk = desk;
        this.access = access;
    }

    /** Whether the request is one about one task. */
    static boolean concerns(HttpRequest request) {
        return request.uri().startsWith(PREFIX);
    }

    /** Whether it is one that runs a task, with the payload as its body. */
    static boolean submits(HttpRequest request) {
        return concerns(request) && request.method().equals(HttpMethod.POST);
    }

    int payloadBytesMax() {
        return desk.payloadBytesMax();
    }

    @Nullable
    Spool spool() {
        return desk.spool();
    }

    /**
     * Lets a task be submitted, or does not, before its payload has come.
     *
     * @param bound the address that the connection came in on
     * @param remote the address that it came from
     * @return the party that the task counts for: all that come with one token, or from one address without any
     * @throws HttpException with what is answered instead
     */
    String checkSubmit(HttpRequest request, InetAddress bound, InetAddress remote) throws HttpException {
        Grant grant = access.check(request, AdminApi.path(new QueryStringDecoder(request.uri())), bound);
        if (open.size() >= Acceptor.CALLS_MAX) {
            throw new HttpException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "there are " + Acceptor.CALLS_MAX + " requests that wait for tasks, the limit; try again later");
        }
        return access.party(grant, remote);
    }

    /**
     * Begins with what is asked.
     *
     * @param bound the address that the connection came in on
     * @param loop where the answer is made up
     * @throws HttpException with what is answered instead
     */
    TaskCall call(HttpRequest request, InetAddress bound, Executor loop) throws HttpException {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        if (request instanceof SubmitRequest submit) {
            return submit(submit, uri, bound, loop);
        }
        String path = AdminApi.path(uri);
        Grant grant = access.check(request, path, bound);
        if (!METHODS.contains(request.method())) {
            throw AdminApi.notAllowed(METHODS.stream().map(HttpMethod::name).collect(Collectors.joining(", ")));
        }
        long id = id(path.substring(PREFIX.length()));
        return request.method().equals(HttpMethod.GET)
                ? query(id, TaskHeaders.waitMillis(uri), new TaskCall(loop, grant))
                : cancel(id, loop, grant);
    }

    private TaskCall submit(SubmitRequest request, QueryStringDecoder uri, InetAddress bound, Executor loop)
            throws HttpException {
        HttpException refusal = request.refusal();
        if (refusal != null) {
            throw refusal;
        }
        Payload payload = request.payload();
        TaskSpec spec;
        OnDisconnect rule;
        Grant grant;
        try {
            String path = AdminApi.path(uri);
            // Once more: the body may have taken its time.
            grant = access.check(request, path, bound);
            String name = path.substring(PREFIX.length());
            spec = TaskHeaders.spec(name, payload, request.headers(), TaskHeaders.detach(uri));
            rule = TaskHeaders.onDisconnect(request.headers());
        } catch (HttpException e) {
            payload.release();
            throw e;
        }
        TaskCall call = new TaskCall(loop, grant);
        return begun(call, () -> desk.submit(request.party(), spec, rule, call));
    }

    private TaskCall query(long id, long waitMillis, TaskCall call) throws HttpException {
        return begun(call, () -> desk.query(id, waitMillis, call));
    }

    private TaskCall cancel(long id, Executor loop, @Nullable Grant grant) throws HttpException {
        TaskCall call = new TaskCall(loop, grant) {
            @Override
            Reply reply(Outcome outcome) {
                return TaskReplies.tooLate(outcome.taskId());
            }
        };
        return begun(call, () -> desk.cancel(id, call));
    }

    private interface Question {
        Runnable ask();
    }

    private TaskCall begun(TaskCall call, Question question) throws HttpException {
        try {
            call.begun(question.ask());
        } catch (RejectedExecutionException e) {
            throw new HttpException(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, "the service has ended", Map.of("retry-after", "1"));
        }
        open.add(call);
        return call;
    }

    private static long id(String text) throws HttpException {
        try {
            return TaskId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new HttpException(HttpResponseStatus.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    /** Answers those who wait with a token that has been withdrawn; their tasks are treated as if they had gone. */
    void recheck() {
        for (TaskCall call : List.copyOf(open)) {
            Grant grant = call.grant();
            if (grant != null && !access.holds(grant)) {
                call.refuse(
                        Reply.error(HttpResponseStatus.UNAUTHORIZED, "the token '" + grant.name() + "' was withdrawn"));
            }
        }
    }

    /** Its answer is written, or nobody is there to read it. */
    void ended(TaskCall call) {
        open.remove(call);
        finishIfDone();
    }

    private void finishIfDone() {
        if (finished != null && open.isEmpty()) {
            finished.complete(null);
        }
    }

    /** Completes when every answer that is due is written. */
    CompletableFuture<Void> finish() {
        CompletableFuture<Void> known = finished == null ? new CompletableFuture<>() : finished;
        finished = known;
        finishIfDone();
        return known;
    }
}
