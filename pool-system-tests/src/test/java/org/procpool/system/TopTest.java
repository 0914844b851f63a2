package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** {@code procpool top}, in a real terminal and without one. */
@ExtendWith(LeakCheck.class)
class TopTest {

    private static Tmux top(Service service, String... more) throws Exception {
        Map<String, String> environment = new HashMap<>(service.environment());
        environment.put("LANG", "C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        String[] words = new String[3 + more.length];
        words[0] = "top";
        words[1] = "--run-dir";
        words[2] = LeakCheck.runDirectory().toString();
        System.arraycopy(more, 0, words, 3, more.length);
        return Tmux.run(environment, Cli.words(true, words));
    }

    private static void assertGivenBack(Tmux screen, int exitCode) throws Exception {
        screen.shows("ended " + exitCode + "\\s");
        screen.shows("(?m)^icanon");
        screen.shows("(?m)^echo");
        assertThat(screen.property("alternate_on")).isEqualTo("0");
        assertThat(screen.property("cursor_flag")).isEqualTo("1");
    }

    /** The pid in the row of the worker that is so called. */
    private static long pid(Tmux screen, String worker) throws Exception {
        screen.shows("(?m)^ " + worker + " +\\d+ ");
        String row = screen.screen()
                .lines()
                .filter(line -> line.startsWith(" " + worker))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(row.strip().split(" +")[1]);
    }

    @Test
    void a_crash_shows_keys_select_sort_inspect_and_replace_and_the_terminal_is_given_back() throws Exception {
        try (Service service = Service.start("--spares", "1");
                Tmux screen = top(service)) {
            screen.shows("procpool .* running .*up");
            screen.shows("(?m)^ w1\\.1 .* idle");
            screen.shows("LAST DEATHS\\s+none");

            Processes.signal(pid(screen, "w1.1"), "KILL");
            screen.shows("w1\\.1 +CRASHED +signal 9 \\(SIGKILL\\)");
            screen.shows("(?m)^ w1\\.2 .* spare");

            screen.type("s", "s");
            screen.shows("TASKS/S▼");
            screen.type("o");
            screen.shows("TASKS/S▲");
            screen.type("S", "S");
            screen.shows("WORKER▲");
            // Now the highest number stands at the top.
            screen.type("Home", "Enter");
            screen.shows("worker w3\\.1 +idle");
            screen.shows("there are no reports");
            screen.type("Escape");
            screen.shows("LAST DEATHS");
            screen.type("Down", "Down", "Enter");
            screen.shows("worker w1\\.2 +spare");
            screen.shows("worker w1\\.1 \\(pid \\d+\\) left: CRASHED");

            screen.type("r");
            screen.shows("Replace worker 1");
            screen.type("y");
            screen.shows("worker w1\\.3 +spare");
            screen.shows("worker w1\\.2 \\(pid \\d+\\) left: RECYCLED");
            screen.type("?");
            screen.shows("WHAT IT SAYS");
            screen.type("q");
            assertGivenBack(screen, 0);
        }
    }

    @Test
    void the_screen_is_drawn_for_whatever_size_the_terminal_has() throws Exception {
        try (Service service = Service.start();
                Tmux screen = top(service)) {
            screen.shows("MEMORY");
            assertThat(screen.screen()).doesNotContain("RESTARTS");
            screen.resize(120, 30);
            screen.shows("RESTARTS");
            screen.resize(40, 10);
            screen.shows("(?m)^ w2\\.1 +idle +0 +-$");
            assertThat(screen.screen().lines())
                    .hasSizeLessThanOrEqualTo(10)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
            screen.resize(5, 1);
            screen.resize(80, 24);
            screen.shows("(?m)^ q quit .*help$");
            screen.type("C-c");
            assertGivenBack(screen, 0);
        }
    }

    @Test
    void a_service_that_went_away_is_shown_again_when_it_comes_back() throws Exception {
        try (Service service = Service.start("--workers", "1")) {
            String admin = service.environment().get("PROCPOOL_ADMIN");
            try (Tmux screen = top(service)) {
                screen.shows("procpool .* running");
                service.terminate();
                screen.shows("procpool .* lost");
                screen.shows("trying again");
                try (Service next = Service.start("--workers", "2", "--admin", admin)) {
                    screen.shows("procpool .* running");
                    screen.shows("(?m)^ w2\\.1 .* idle");
                    assertThat(next.adminPort()).isEqualTo(service.adminPort());
                    // Ended by a signal it gives the terminal back too.
                    long pid = Long.parseLong(screen.property("pane_pid"));
                    ProcessHandle.of(pid).orElseThrow().children().forEach(ProcessHandle::destroy);
                    assertGivenBack(screen, 143);
                }
            }
        }
    }

    @Test
    void without_a_terminal_it_prints_a_line_an_interval() throws Exception {
        try (Service service = Service.start()) {
            Ended ended = service.run("top", "--count", "2", "--interval", "250ms");
            assertThat(ended.exitCode()).isZero();
            assertThat(ended.output().lines()).hasSize(3);
            assertThat(ended.output())
                    .matches("(?s)TIME +STATE +DONE/S .*\\n\\d\\d:\\d\\d:\\d\\d running +0 +0 +0 +0 +0 +2 .*");
        }
        Ended nobody = Cli.run(Map.of(), "top", "--admin", "127.0.0.1:1");
        assertThat(nobody.exitCode()).isEqualTo(6);
        assertThat(nobody.errors()).contains("no procpool answers at 127.0.0.1:1");
        assertThat(List.of(nobody.output())).containsExactly("");
    }
}
