package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that a test starts, with all that it says. Closing it kills it. */
final class Program implements AutoCloseable {

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Thread outputReader;
    private final Thread errorReader;

    private Program(Process process) {
        this.process = process;
        this.outputReader = reader(process.getInputStream(), output);
        this.errorReader = reader(process.getErrorStream(), errors);
    }

    static Program start(ProcessBuilder builder) throws IOException {
        return new Program(builder.start());
    }

    /** The command of a JVM like this one, with this one's class path. */
    static ProcessBuilder javaCommand(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words);
    }

    private static Thread reader(InputStream stream, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    long pid() {
        return process.pid();
    }

    /** Its standard input, to be closed by the caller. */
    OutputStream input() {
        return process.getOutputStream();
    }

    List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    List<String> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    /** All it has said on standard output so far. */
    String text() {
        return String.join("\n", output());
    }

    String errorText() {
        return String.join("\n", errors());
    }

    /** Waits for a line, of either stream, in which the pattern is found. */
    Matcher line(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        Matcher[] found = new Matcher[1];
        Eventually.until("the line /" + pattern + "/", () -> {
            List<String> lines = new ArrayList<>(output());
            lines.addAll(errors());
            for (String line : lines) {
                Matcher matcher = compiled.matcher(line);
                if (matcher.find()) {
                    found[0] = matcher;
                    return true;
                }
            }
            assertThat(process.isAlive())
                    .as("it ended without the line /%s/:\n%s\n%s", pattern, text(), errorText())
                    .isTrue();
            return false;
        });
        return found[0];
    }

    /** Sends a signal by its name without SIG. */
    void signal(String name) throws IOException, InterruptedException {
        Processes.signal(process.pid(), name);
    }

    /** If it still lives: the two SIGTERM that mean at once, and waits for its end. */
    void stop() {
        ProcessHandle handle = process.toHandle();
        int[] asked = {0};
        Eventually.until("it ends after SIGTERM", () -> {
            // Signals that come too close to each other become one.
            if (asked[0]++ % 100 == 0 && asked[0] < 200) {
                handle.destroy();
            }
            return !handle.isAlive();
        });
    }

    /** Waits for its end and for its last words. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .as("it does not end:\n%s\n%s", text(), errorText())
                .isTrue();
        outputReader.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
        errorReader.join(TimeUnit.SECONDS.toMillis(Eventually.DEADLINE_SECONDS));
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        process.getOutputStream().close();
        Eventually.until("its output ends", () -> !outputReader.isAlive() && !errorReader.isAlive());
        process.getInputStream().close();
        process.getErrorStream().close();
    }
}
