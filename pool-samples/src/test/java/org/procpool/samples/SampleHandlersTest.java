package org.procpool.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.codec.CodecException;
import org.procpool.proto.Payload;
import org.procpool.worker.HandlerProvider;
import org.procpool.worker.TaskHandler;

class SampleHandlersTest {

    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private final FakeContext context = new FakeContext();

    private String run(String task, String text) throws Exception {
        return run(task, Payload.of(text)).text();
    }

    private Payload run(String task, Payload payload) throws Exception {
        TaskHandler handler =
                Objects.requireNonNull(new SampleHandlers().handlers().get(task), task);
        return Objects.requireNonNull(handler.handle(context, payload), task);
    }

    @Test
    void only_the_samples_that_behave_are_registered() {
        assertThat(ServiceLoader.load(HandlerProvider.class)).singleElement().isInstanceOf(SampleHandlers.class);
    }

    @Test
    void echo_gives_back_every_byte() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        assertThat(run("echo", Payload.of(bytes)).bytes()).isEqualTo(bytes);
    }

    @Test
    void echo_pid_names_its_process() throws Exception {
        long pid = ProcessHandle.current().pid();

        assertThat(run("echo-pid", "grüß \"dich\""))
                .isEqualTo("{\"message\":\"grüß \\\"dich\\\"\",\"pid\":" + pid + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "reverse, abc, cba",
        "reverse, '', ''",
        "uppercase, straße é, STRASSE É",
        "add, '{\"a\":10,\"b\":20}', 30",
        "multiply, '{\"a\":6,\"b\":-7}', -42",
        "fib, 0, 0",
        "fib, 1, 1",
        "fib, 25, 75025",
        "sleep, 1ms, slept 1 ms",
        "sha256, abc, " + SHA256_OF_ABC,
        "wordcount, '', '{\"lines\":0,\"words\":0,\"bytes\":0}'"
    })
    void a_sample_computes(String task, String text, String result) throws Exception {
        assertThat(run(task, text)).isEqualTo(result);
    }

    @Test
    void wordcount_counts_as_wc_does() throws Exception {
        assertThat(run("wordcount", " zwei Wörter\n\n und\tdrei\nmehr, ohne Ende"))
                .isEqualTo("{\"lines\":3,\"words\":7,\"bytes\":40}");
    }

    @ParameterizedTest
    @CsvSource({
        "add, '{\"a\":9223372036854775807,\"b\":1}', java.lang.ArithmeticException",
        "multiply, '{\"a\":9223372036854775807,\"b\":2}', java.lang.ArithmeticException",
        "fib, -1, java.lang.IllegalArgumentException",
        "fib, 93, java.lang.IllegalArgumentException",
        "fib, many, java.lang.IllegalArgumentException",
        "sleep, 2, java.lang.IllegalArgumentException",
        "sleep, s, java.lang.IllegalArgumentException",
        "sleep, 99999999999999999999s, java.lang.IllegalArgumentException",
        "sha256-file, /nowhere/at/all, java.lang.IllegalArgumentException"
    })
    void a_sample_refuses_what_it_cannot_use(String task, String text, Class<? extends Exception> type) {
        assertThatThrownBy(() -> run(task, text)).isInstanceOf(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10 20", "{\"a\":10}", "{\"a\":\"10\",\"b\":20}"})
    void add_refuses_what_is_not_two_numbers(String text) {
        assertThatThrownBy(() -> run("add", text)).isInstanceOf(CodecException.class);
    }

    @Test
    void fib_and_sleep_stop_when_they_are_interrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run("fib", "40")).isInstanceOf(InterruptedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run("sleep", "1m")).isInstanceOf(InterruptedException.class);
    }

    @Test
    void sha256_file_reads_a_file_and_tells_its_progress(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("abc"), "abc");

        assertThat(run("sha256-file", file.toString())).isEqualTo(SHA256_OF_ABC);
        assertThat(context.lastFraction).isEqualTo(1);
    }

    @Test
    void sha256_file_stops_when_it_is_cancelled(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("abc"), "abc");
        context.cancelled = true;

        assertThatThrownBy(() -> run("sha256-file", file.toString())).isInstanceOf(InterruptedException.class);
    }
}
