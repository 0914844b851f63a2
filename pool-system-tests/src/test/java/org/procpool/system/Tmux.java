package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;

/** A real terminal that a test looks at and types into. Closing it ends what runs in it. */
final class Tmux implements AutoCloseable {

    private static final Path TMUX = Path.of("/usr/bin/tmux");

    private final Path socket;

    private Tmux(Path socket) {
        this.socket = socket;
    }

    /**
     * Runs a command in a terminal of 80 columns and 24 rows. When it has ended, the screen shows {@code ended} with
     * its exit code, and whether the terminal reads lines again. Skips the test where there is no tmux.
     *
     * @param environment beside that of the test
     */
    static Tmux run(Map<String, String> environment, List<String> words) throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(TMUX), "there is no tmux here: run bin/install-test-tools");
        Tmux tmux = new Tmux(LeakCheck.workDirectory().resolve("tmux"));
        String variables = environment.entrySet().stream()
                .map(variable -> quoted(variable.getKey() + "=" + variable.getValue()))
                .collect(Collectors.joining(" "));
        String command = words.stream().map(Tmux::quoted).collect(Collectors.joining(" "));
        // Ctrl-C goes to the whole foreground group, this shell too.
        String script = "trap : INT; env " + variables + " " + command
                + "; echo ended $?; stty -a | grep -o -E -e '-?(icanon|echo) '; exec cat";
        tmux.tell("-f", "/dev/null", "new-session", "-d", "-s", "screen", "-x", "80", "-y", "24", "sh", "-c", script);
        return tmux;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Types keys by their names in tmux, such as {@code Enter}, or as they are. */
    void type(String... keys) throws IOException {
        List<String> words = new ArrayList<>(List.of("send-keys", "-t", "screen"));
        words.addAll(List.of(keys));
        tell(words.toArray(String[]::new));
    }

    void resize(int columns, int rows) throws IOException {
        tell("resize-window", "-t", "screen", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What is on the screen now. */
    String screen() throws IOException {
        return tell("capture-pane", "-p", "-t", "screen");
    }

    /** A property of the terminal by its name in tmux, such as {@code alternate_on}. */
    String property(String name) throws IOException {
        return tell("display-message", "-p", "-t", "screen", "#{" + name + "}").strip();
    }

    /** Waits until the screen shows what the pattern says, anywhere. */
    void shows(String pattern) {
        Eventually.untilAsserted(
                "the screen shows /" + pattern + "/", () -> assertThat(screen()).containsPattern(pattern));
    }

    private String tell(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(TMUX.toString(), "-u", "-S", socket.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.onExit()
                .orTimeout(Eventually.DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
        assertThat(process.exitValue()).as("tmux %s: %s", List.of(words), said).isZero();
        return said;
    }

    @Override
    public void close() throws IOException {
        tell("kill-server");
    }
}
