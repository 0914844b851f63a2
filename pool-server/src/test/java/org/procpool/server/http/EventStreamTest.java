package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.PoolEvent;
import org.procpool.Recent;
import org.procpool.TaskMishap;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.WorkerId;

class EventStreamTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private final FakeBackend backend = new FakeBackend();

    @TempDir
    private Path base;

    private AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server = backend.serve(base);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** One who watches. */
    private final class Watcher implements AutoCloseable {

        private final HttpURLConnection connection;
        private final BufferedReader lines;
        private String id = "";

        Watcher(String lastId) throws IOException {
            connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + server.address().getPort() + "/api/events")
                            .toURL()
                            .openConnection();
            connection.setReadTimeout(30_000);
            connection.setRequestProperty("Last-Event-ID", lastId);
            lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The next message. */
        String next() throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return line.substring(6);
                }
            }
            return "";
        }

        /** The next message that has the text. */
        String nextWith(String text) throws IOException {
            String message = next();
            while (!message.isEmpty() && !message.contains(text)) {
                message = next();
            }
            return message;
        }

        @Override
        public void close() {
            connection.disconnect();
        }
    }

    private static PoolEvent event(String detail) {
        return new PoolEvent(AT, PoolEvent.Kind.WORKER_READY, new WorkerId(2, 3), 77, null, detail);
    }

    private static TaskMishap mishap(String message) {
        return new TaskMishap(
                System.nanoTime(),
                7,
                "crash",
                OutcomeKind.FAILED,
                new WorkerId(1, 1),
                99,
                1,
                1_000,
                2_000,
                "java.lang.IllegalStateException",
                message,
                "at Handler.run",
                "the last words");
    }

    @Test
    void watcher_is_told_how_the_pool_stands_and_what_happens() throws IOException {
        backend.events.add(event("before"));
        try (Watcher watcher = new Watcher("")) {
            assertThat(watcher.next())
                    .contains("\"state\":\"running\"", "\"oldestMillis\":7000", "\"runMillis\":1500", "\"skipped\":0");
            backend.mishaps.add(mishap("oh dear"));
            assertThat(watcher.nextWith("oh dear"))
                    .contains(
                            "\"outcome\":\"FAILED\"", "\"stack\":\"at Handler.run\"", "\"output\":\"the last words\"");
            backend.events.add(event("after"));
            assertThat(watcher.nextWith("after"))
                    .contains("{\"at\":\"2026-01-02T03:04:05.678Z\",\"event\":\"worker-ready\",\"worker\":2,"
                            + "\"generation\":3,\"pid\":77,\"detail\":\"after\"}")
                    .doesNotContain("before");
        }
    }

    @Test
    void watcher_that_connects_again_is_told_what_is_new_and_what_it_has_missed() throws IOException {
        backend.events.add(event("first"));
        String id;
        try (Watcher watcher = new Watcher("")) {
            watcher.nextWith("first");
            id = watcher.id;
        }
        for (int i = 0; i < 250; i++) {
            backend.events.add(event("flood"));
        }
        backend.events.add(event("last"));
        try (Watcher watcher = new Watcher(id)) {
            String message = watcher.nextWith("last");
            // The pool of this test keeps ten events, and two of the 251 may have been seen before the flood was over.
            assertThat(message)
                    .containsPattern("\"missedEvents\":(2[34]\\d)\\b")
                    .doesNotContain("first");
        }
        try (Watcher stranger = new Watcher("0123456789abcdef-1-1-1")) {
            assertThat(stranger.nextWith("last")).contains("\"missedEvents\":0");
        }
    }

    @Test
    void watchers_are_told_the_last_there_is_when_the_service_ends() throws IOException {
        try (Watcher watcher = new Watcher("")) {
            watcher.next();
            backend.events.add(event("the end"));
            server.close();
            assertThat(watcher.nextWith("the end")).isNotEmpty();
            assertThat(watcher.next()).isEmpty();
        }
    }

    @Test
    void reader_that_is_too_slow_gets_nothing_until_it_reads_and_is_told_so() throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1, 2));
        EventStream stream = new EventStream(channel, null, PulseJson.Position.NEW);
        Recent<PoolEvent> events = new Recent<>(2);
        PulseJson pulse = new PulseJson(
                AT,
                backend.report(0, 0).join(),
                new Pace().next(backend.report(0, 0).join(), 0, 0),
                Map.of(),
                new Recent<>(1),
                events,
                new Recent<>(1));
        stream.send(pulse);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        List.of("a", "b", "c").forEach(detail -> {
            events.add(event(detail));
            stream.send(pulse);
        });
        assertThat(messages(channel)).hasSize(1);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        stream.send(pulse);
        assertThat(messages(channel))
                .singleElement()
                .asString()
                .contains("\"skipped\":3", "\"missedEvents\":1", "\"detail\":\"b\"", "\"detail\":\"c\"");
        channel.finishAndReleaseAll();
    }

    private static List<String> messages(EmbeddedChannel channel) {
        List<String> messages = new ArrayList<>();
        for (HttpContent content = channel.readOutbound(); content != null; content = channel.readOutbound()) {
            ByteBuf bytes = content.content();
            messages.add(bytes.toString(StandardCharsets.UTF_8));
            content.release();
        }
        return messages;
    }

    @Test
    void message_is_one_line_of_json() throws IOException {
        backend.mishaps.add(mishap("two\nlines"));
        try (Watcher watcher = new Watcher("");
                var json = new JsonFactory().createParser(watcher.nextWith("two"))) {
            int tokens = 0;
            while (json.nextToken() != null) {
                tokens++;
            }
            assertThat(tokens).isGreaterThan(50);
        }
    }
}
