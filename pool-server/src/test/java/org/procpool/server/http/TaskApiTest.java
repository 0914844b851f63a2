package org.procpool.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskError;
import org.procpool.proto.TaskId;
import org.procpool.proto.TaskState;
import org.procpool.server.http.FakeDesk.Question;
import org.procpool.server.security.Gatekeeper;
import org.procpool.server.security.SecurityOptions;
import org.procpool.spool.Spool;
import org.procpool.spool.SpoolOptions;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;
import org.procpool.task.WorkerId;

/** Tasks by HTTP, with the test at the desk. */
class TaskApiTest {

    private static final int PATIENCE_SECONDS = 30;

    private final FakeDesk desk = new FakeDesk();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new FakeBackend(),
                desk,
                base,
                Gatekeeper.open(SecurityOptions.defaults()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<HttpResponse<String>> send(
            String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path))
                .method(method, BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(String path, String body, String... headers) {
        Map<String, String> map =
                headers.length == 0 ? Map.of() : Map.of(headers[0], headers.length > 1 ? headers[1] : "");
        return send("POST", path, body.getBytes(US_ASCII), map);
    }

    private static HttpResponse<String> get(CompletableFuture<HttpResponse<String>> response) throws Exception {
        return response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Question question() throws InterruptedException {
        Question question = desk.questions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(question).as("a question at the desk").isNotNull();
        return question;
    }

    private static Outcome outcome(OutcomeKind kind, String payload, @Nullable TaskError error) {
        return new Outcome(4711, kind, Payload.of(payload), new WorkerId(2, 1), 99, 1, 5_000, 7_000, error);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void result_is_the_body_and_all_else_stands_in_headers() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                post("/api/tasks/echo%2Ftwo", "hi", "Procpool-Priority", "9");
        Question question = question();
        assertThat(question.spec().name()).isEqualTo("echo/two");
        assertThat(question.spec().payload().text()).isEqualTo("hi");
        assertThat(question.spec().priority()).isEqualTo(9);
        assertThat(question.rule()).isEqualTo(OnDisconnect.CANCEL_QUEUED);
        assertThat(response).isNotDone();

        question.asker().ended(outcome(OutcomeKind.SUCCEEDED, "hello", null));

        HttpResponse<String> answer = get(response);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(answer, "Procpool-Outcome")).isEqualTo("SUCCEEDED");
        assertThat(header(answer, "Procpool-Task-Id")).isEqualTo(TaskId.format(4711));
        assertThat(header(answer, "Procpool-Worker")).isEqualTo("2");
        assertThat(header(answer, "Procpool-Worker-Pid")).isEqualTo("99");
        assertThat(header(answer, "Procpool-Attempts")).isEqualTo("1");
        assertThat(header(answer, "Procpool-Queued-Micros")).isEqualTo("5");
        assertThat(header(answer, "Procpool-Run-Micros")).isEqualTo("7");
    }

    @Test
    void options_stand_in_headers() throws Exception {
        send(
                "POST",
                "/api/tasks/x?detach",
                new byte[0],
                Map.of(
                        "Procpool-Ttl", "5s",
                        "Procpool-Run-Timeout", "250ms",
                        "procpool-max-attempts", "3",
                        "Procpool-On-Disconnect", "keep"));
        Question question = question();
        TaskSpec spec = question.spec();
        assertThat(spec.ttlNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(5));
        assertThat(spec.runTimeoutNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
        assertThat(spec.maxAttempts()).isEqualTo(3);
        assertThat(spec.detached()).isTrue();
        assertThat(question.rule()).isEqualTo(OnDisconnect.KEEP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Procpool-Priority|urgent|procpool-priority must be a whole number",
                "Procpool-Priority|10|is not in 0..9",
                "Procpool-Ttl|soon|procpool-ttl: ",
                "Procpool-Max-Attempts|0|is not in 1..1000",
                "Procpool-On-Disconnect|panic|must be one of cancel-queued, cancel-all, keep",
                "Procpool-Prority|1|did you mean procpool-priority?",
            })
    void option_that_cannot_be_is_named(String name, String value, String sentence) throws Exception {
        HttpResponse<String> answer = get(post("/api/tasks/x", "", name, value));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(sentence);
        assertThat(desk.questions).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "FAILED,java.lang.IllegalStateException,500",
        "TIMED_OUT,RUN_TIMEOUT,504",
        "EXPIRED,EXPIRED,503",
        "WORKER_LOST,SIGKILL,502",
        "WORKER_LOST,NO_WORKER,503",
        "CANCELLED,CANCEL,409",
        "CANCELLED,SHUTDOWN,503",
        "REJECTED,UNKNOWN_TASK,404",
        "REJECTED,QUEUE_FULL,429",
        "REJECTED,PAYLOAD_TOO_LARGE,413",
        "REJECTED,DRAINING,503",
        "REJECTED,QUARANTINED,503",
        "REJECTED,INVALID,400",
        "REJECTED,STORE_FAILED,503"
    })
    void each_outcome_has_a_status(OutcomeKind kind, String type, int status) throws Exception {
        CompletableFuture<HttpResponse<String>> response = post("/api/tasks/x", "");
        question()
                .asker()
                .ended(outcome(kind, "", new TaskError(type, "a \"sentence\"", "the stack", "the tail", "the report")));

        HttpResponse<String> answer = get(response);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Procpool-Outcome")).isEqualTo(kind.name());
        assertThat(header(answer, "Procpool-Error-Type")).isEqualTo(type);
        assertThat(header(answer, "Retry-After")).isEqualTo(status == 429 || status == 503 ? "1" : "");
        assertThat(answer.body())
                .contains("\"error\":\"a \\\"sentence\\\"\"", "\"stack\":\"the stack\"", "\"autopsy\":\"the report\"");
    }

    @Test
    void detached_task_is_answered_with_where_to_look() throws Exception {
        CompletableFuture<HttpResponse<String>> response = post("/api/tasks/x?detach=true", "");
        question().asker().stands(4711, TaskState.QUEUED, "it waits for a worker");

        HttpResponse<String> answer = get(response);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(header(answer, "Location")).isEqualTo("/api/tasks/4k7");
        assertThat(answer.body()).contains("\"id\":\"4k7\",\"state\":\"queued\"");
    }

    @ParameterizedTest
    @CsvSource({"QUEUED,202", "RUNNING,202", "CANCELLING,202", "GONE,404", "FINISHED,410"})
    void task_is_asked_for_by_its_id(TaskState state, int status) throws Exception {
        CompletableFuture<HttpResponse<String>> response = send("GET", "/api/tasks/4k7?wait=2s", new byte[0], Map.of());
        Question question = question();
        assertThat(question.what()).isEqualTo("query");
        assertThat(question.id()).isEqualTo(4711);
        assertThat(question.waitMillis()).isEqualTo(2_000);
        question.asker().stands(4711, state, "so it is");

        assertThat(get(response).statusCode()).isEqualTo(status);
        assertThat(get(response).body()).contains("so it is");
    }

    @Test
    void cancel_tells_whether_it_came_too_late() throws Exception {
        CompletableFuture<HttpResponse<String>> first = send("DELETE", "/api/tasks/4K7", new byte[0], Map.of());
        question().asker().stands(4711, TaskState.CANCELLING, "it is being cancelled");
        assertThat(get(first).statusCode()).isEqualTo(202);

        CompletableFuture<HttpResponse<String>> late = send("DELETE", "/api/tasks/4k7", new byte[0], Map.of());
        question().asker().ended(outcome(OutcomeKind.SUCCEEDED, "", null));
        assertThat(get(late).statusCode()).isEqualTo(409);
    }

    @Test
    void what_is_no_id_is_not_found_and_other_methods_are_not_allowed() throws Exception {
        assertThat(get(send("GET", "/api/tasks/not-an-id!", new byte[0], Map.of()))
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<String> put = get(send("PUT", "/api/tasks/x", new byte[0], Map.of()));
        assertThat(put.statusCode()).isEqualTo(405);
        assertThat(header(put, "Allow")).isEqualTo("POST, GET, DELETE");
    }

    @Test
    void payload_over_the_limit_is_refused_before_it_has_come() throws Exception {
        String head = "POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + (FakeDesk.PAYLOAD_BYTES_MAX + 1) + "\r\n\r\n";
        assertThat(exchange(head)).startsWith("HTTP/1.1 413 ").contains("100000 bytes, the limit");

        String piece = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        assertThat(exchange("POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + piece.repeat(2)))
                .startsWith("HTTP/1.1 413 ");
        assertThat(desk.questions).isEmpty();
    }

    @Test
    void page_of_another_origin_is_refused_before_its_body() throws Exception {
        assertThat(exchange("POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
                        + "Content-Length: 5\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void client_that_asks_whether_to_go_on_is_told() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                    + "Content-Length: 2\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(25), US_ASCII))
                    .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            socket.getOutputStream().write("hi".getBytes(US_ASCII));
            Question question = question();
            assertThat(question.spec().payload().text()).isEqualTo("hi");
            question.asker().ended(outcome(OutcomeKind.SUCCEEDED, "done", null));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .endsWith("done");
        }
    }

    @Test
    void chunked_body_is_put_together_and_the_connection_goes_on() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
                                    + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(US_ASCII));
            Question question = question();
            assertThat(question.spec().payload().text()).isEqualTo("abcdefg");
            question.asker().ended(outcome(OutcomeKind.SUCCEEDED, "first", null));
            String answers = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            assertThat(answers.indexOf("first")).isPositive().isLessThan(answers.indexOf("running"));
        }
    }

    /** @param memoryBytesMax 0 for a spool on the disk */
    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 0})
    void body_whose_length_nobody_has_told_goes_into_a_file_once_it_is_large(long memoryBytesMax) throws Exception {
        String text = "0123456789".repeat(9_000);
        try (Spool spool = Spool.create(
                        new SpoolOptions(64 * 1024, memoryBytesMax), base.resolve("memory"), base.resolve("disk"));
                Socket socket = connect()) {
            desk.spool = spool;
            StringBuilder request = new StringBuilder(
                    "POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int from = 0; from < text.length(); from += 5_000) {
                request.append("1388\r\n").append(text, from, from + 5_000).append("\r\n");
            }
            request.append("0\r\n\r\n");
            socket.getOutputStream().write(request.toString().getBytes(US_ASCII));
            Payload payload = question().spec().payload();
            assertThat(payload.file()).isNotNull();
            assertThat(payload.text()).isEqualTo(text);
            // It has no more room than it takes, though it could have become larger.
            assertThat(spool.memoryBytes()).isEqualTo(memoryBytesMax == 0 ? 0 : text.length());
            payload.release();
        }
    }

    @Test
    void client_that_goes_is_noticed_and_nobody_waits_for_it() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("POST /api/tasks/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
                            .getBytes(US_ASCII));
            question();
        }
        assertThat(desk.left.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
        server.finish().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void shutdown_waits_for_the_answers_that_are_due() throws Exception {
        CompletableFuture<HttpResponse<String>> response = post("/api/tasks/x", "");
        Question question = question();
        CompletableFuture<Void> finished = server.finish();
        assertThat(finished).isNotDone();

        question.asker().ended(outcome(OutcomeKind.SUCCEEDED, "x".repeat(1 << 20), null));

        assertThat(get(response).body()).hasSize(1 << 20);
        finished.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(server.address(), 5_000);
        socket.setSoTimeout(PATIENCE_SECONDS * 1_000);
        return socket;
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }
}
