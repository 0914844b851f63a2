package org.procpool.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.Payload;
import org.procpool.proto.Retry;
import org.procpool.proto.SubmitFrame;
import org.procpool.task.Durations;
import org.procpool.task.NearestNames;
import org.procpool.task.TaskSpec;

/** What a request wants of its task, by its headers. */
final class TaskHeaders {

    static final String PREFIX = "procpool-";
    static final String PRIORITY = "procpool-priority";
    static final String TTL = "procpool-ttl";
    static final String RUN_TIMEOUT = "procpool-run-timeout";
    static final String MAX_ATTEMPTS = "procpool-max-attempts";
    static final String KEY = "procpool-key";
    static final String RETRY_ON_FAILURE = "procpool-retry-on-failure";
    static final String RETRY_BACKOFF = "procpool-retry-backoff";
    static final String RETRY_BACKOFF_MAX = "procpool-retry-backoff-max";
    static final String RETIRE_WORKER = "procpool-retire-worker";
    static final String ON_DISCONNECT = "procpool-on-disconnect";
    static final List<String> ALL = List.of(
            PRIORITY,
            TTL,
            RUN_TIMEOUT,
            MAX_ATTEMPTS,
            KEY,
            RETRY_ON_FAILURE,
            RETRY_BACKOFF,
            RETRY_BACKOFF_MAX,
            RETIRE_WORKER,
            ON_DISCONNECT);

    private TaskHeaders() {}

    /**
     * The task.
     *
     * @throws HttpException 400 with a sentence that names the header
     */
    static TaskSpec spec(String name, Payload payload, HttpHeaders headers, boolean detached) throws HttpException {
        checkNames(headers);
        try {
            return new TaskSpec(
                    name,
                    payload,
                    number(headers, PRIORITY, SubmitFrame.PRIORITY_DEFAULT),
                    nanos(headers, TTL),
                    nanos(headers, RUN_TIMEOUT),
                    number(headers, MAX_ATTEMPTS, 1),
                    headers.get(KEY, ""),
                    retry(headers),
                    flag(RETIRE_WORKER, headers.get(RETIRE_WORKER)),
                    detached);
        } catch (IllegalArgumentException e) {
            throw bad(String.valueOf(e.getMessage()));
        }
    }

    /** A mistyped option would otherwise be one that silently does nothing. */
    private static void checkNames(HttpHeaders headers) throws HttpException {
        for (String name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(PREFIX) && !ALL.contains(lower)) {
                List<String> near = NearestNames.of(lower, ALL);
                throw bad("there is no header '" + name + "'; "
                        + (near.isEmpty()
                                ? "known are " + String.join(", ", ALL)
                                : "did you mean " + String.join(" or ", near) + "?"));
            }
        }
    }

    static OnDisconnect onDisconnect(HttpHeaders headers) throws HttpException {
        String text = headers.get(ON_DISCONNECT);
        if (text == null) {
            return OnDisconnect.CANCEL_QUEUED;
        }
        for (OnDisconnect rule : OnDisconnect.values()) {
            if (AdminJson.lower(rule).equals(text.strip())) {
                return rule;
            }
        }
        throw bad(ON_DISCONNECT + " must be one of "
                + Stream.of(OnDisconnect.values()).map(AdminJson::lower).collect(Collectors.joining(", ")));
    }

    /** Whether the answer is only where to look for the outcome. */
    static boolean detach(QueryStringDecoder uri) throws HttpException {
        String text = AdminApi.parameter(uri, "detach");
        return text != null && text.isEmpty() || flag("detach, if it does not stand alone,", text);
    }

    private static boolean flag(String name, @Nullable String text) throws HttpException {
        if (text == null || text.strip().equals("false")) {
            return false;
        }
        if (text.strip().equals("true")) {
            return true;
        }
        throw bad(name + " must be true or false");
    }

    /** How long to wait for an outcome, in milliseconds. */
    static long waitMillis(QueryStringDecoder uri) throws HttpException {
        return duration("wait", AdminApi.parameter(uri, "wait")) / 1_000_000;
    }

    private static Retry retry(HttpHeaders headers) throws HttpException {
        int attempts = number(headers, RETRY_ON_FAILURE, 0);
        long backoff = duration(RETRY_BACKOFF, headers.get(RETRY_BACKOFF)) / 1_000_000;
        long most = duration(RETRY_BACKOFF_MAX, headers.get(RETRY_BACKOFF_MAX)) / 1_000_000;
        if (attempts == 0 && (backoff != 0 || most != 0)) {
            throw bad("a retry-backoff goes with " + RETRY_ON_FAILURE);
        }
        return attempts == 0 ? Retry.NEVER : new Retry(attempts, backoff, most);
    }

    private static int number(HttpHeaders headers, String name, int absent) throws HttpException {
        String text = headers.get(name);
        try {
            return text == null ? absent : Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw bad(name + " must be a whole number");
        }
    }

    private static long nanos(HttpHeaders headers, String name) throws HttpException {
        return duration(name, headers.get(name));
    }

    private static long duration(String name, @Nullable String text) throws HttpException {
        try {
            return text == null ? 0 : Durations.parseNanos(text.strip());
        } catch (IllegalArgumentException e) {
            throw bad(name + ": " + e.getMessage());
        }
    }

    private static HttpException bad(String sentence) {
        return new HttpException(HttpResponseStatus.BAD_REQUEST, sentence);
    }
}
