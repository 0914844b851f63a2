package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** {@code serve} as a process: how it starts, how it does not, and how it ends. */
@ExtendWith(LeakCheck.class)
class CliServeTest {

    private static Path file(String name) {
        return LeakCheck.workDirectory().resolve(name);
    }

    // ---- the end

    @Test
    void sigterm_lets_running_and_queued_tasks_finish_and_exits_with_0() throws Exception {
        try (Service service = Service.start("--workers", "1");
                Program first = service.begin("submit", "gate-file", "--text", file("open") + ":" + file("started"))) {
            Eventually.until("the first runs", () -> Files.exists(file("started")));
            try (Program second = service.begin("submit", "reverse", "--text", "abc")) {
                Eventually.until(
                        "the second waits",
                        () -> service.run("status", "--json").output().contains("\"depth\":1"));
                service.program.signal("TERM");
                service.program.line("draining");
                Ended late = service.run("submit", "echo", "--text", "late");
                assertThat(late.exitCode()).isEqualTo(5);
                Files.createFile(file("open"));
                assertThat(first.exitCode()).isZero();
                assertThat(second.exitCode()).isZero();
                assertThat(second.text()).isEqualTo("cba");
            }
            assertThat(service.program.exitCode()).isZero();
        }
    }

    @Test
    void second_sigterm_ends_an_infinite_task_at_once_and_leaves_no_process() throws Exception {
        try (Service service = Service.start("--drain-timeout", "5m");
                Program spinning = service.begin("submit", "ignore-interrupt")) {
            Eventually.until("it runs", () -> service.run("tasks").output().contains("ignore-interrupt"));
            List<Long> workers = ProcessHandle.of(service.program.pid())
                    .orElseThrow()
                    .descendants()
                    .map(ProcessHandle::pid)
                    .toList();
            service.program.signal("TERM");
            service.program.line("draining");
            service.program.signal("TERM");
            assertThat(service.program.exitCode()).isZero();
            for (long pid : workers) {
                assertThat(Processes.isGone(pid)).isTrue();
            }
            assertThat(spinning.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void drain_time_out_of_the_option_cancels_what_is_left_and_exits_with_0() throws Exception {
        try (Service service = Service.start("--drain-timeout", "300ms", "--grace", "200ms");
                Program spinning = service.begin("submit", "spin")) {
            Eventually.until("it runs", () -> service.run("tasks").output().contains("spin"));
            assertThat(service.terminate()).isZero();
            assertThat(spinning.exitCode()).isEqualTo(5);
            assertThat(spinning.errorText()).contains("shut down");
        }
    }

    @Test
    void drain_command_ends_the_service_with_0() throws Exception {
        try (Service service = Service.start()) {
            Ended drain =
                    service.run("drain", "--run-dir", LeakCheck.runDirectory().toString());
            assertThat(drain.exitCode()).as(drain.errors()).isZero();
            assertThat(service.program.exitCode()).isZero();
        }
    }

    @Test
    void drain_command_without_the_token_is_refused() throws Exception {
        Path elsewhere = Files.createDirectory(file("elsewhere"));
        try (Service service = Service.start()) {
            Ended drain = service.run("drain", "--run-dir", elsewhere.toString());
            assertThat(drain.exitCode()).isNotZero();
            assertThat(service.run("submit", "echo", "--text", "on").output()).isEqualTo("on");
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void interrupt_of_the_whole_process_group_reaches_no_worker() throws Exception {
        try (Service service = Service.start();
                Program running =
                        service.begin("submit", "gate-file", "--text", file("open") + ":" + file("started"))) {
            Eventually.until("it runs", () -> Files.exists(file("started")));
            // What a terminal does on Ctrl-C: every process of the service's group and session gets it.
            Eventually.until("each worker is in a group of its own", () -> {
                List<Long> groups = groupsOfDescendants(service.program.pid());
                return !groups.isEmpty() && !groups.contains(group(service.program.pid()));
            });
            service.program.signal("INT");
            service.program.line("draining");
            Files.createFile(file("open"));
            assertThat(running.exitCode()).isZero();
            assertThat(service.program.exitCode()).isZero();
        }
    }

    /** Without those that are gone. Not all are workers, and each is for a moment in the service's own group. */
    private static List<Long> groupsOfDescendants(long pid) throws Exception {
        List<Long> groups = new ArrayList<>();
        for (ProcessHandle descendant :
                ProcessHandle.of(pid).orElseThrow().descendants().toList()) {
            try {
                groups.add(group(descendant.pid()));
            } catch (NoSuchFileException e) {
                continue;
            }
        }
        return groups;
    }

    /** Fifth field of {@code /proc/PID/stat}, counted behind the name in brackets. */
    private static long group(long pid) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]);
    }

    @Test
    void sigterm_while_starting_ends_it_and_leaves_no_process() throws Exception {
        Path script = FakeWorker.script(FakeWorker.Mode.SILENT);
        String[] words = Service.words("--worker-java", script.toString(), "--boot-timeout", "5m");
        try (Program serve = Cli.start(Map.of(), words)) {
            serve.line("state=starting");
            serve.signal("TERM");
            serve.exitCode();
            assertThat(serve.text()).doesNotContain("ready:");
        }
    }

    // ---- the start that fails: a code, a sentence, no process

    private static void assertRefused(int code, String sentence, String... more) throws Exception {
        Ended ended = Cli.run(Map.of(), Service.words(more));
        assertThat(ended.exitCode()).as(ended.errors()).isEqualTo(code);
        assertThat(ended.errors()).contains(sentence);
        assertThat(ended.errors()).doesNotContain("\tat ");
        assertThat(ended.output()).isEmpty();
    }

    @Test
    void zero_workers_are_wrong_usage() throws Exception {
        assertRefused(2, "workers", "--workers", "0");
    }

    @Test
    void grace_longer_than_the_run_time_out_is_wrong_usage() throws Exception {
        assertRefused(2, "grace is 3s, longer than the run-timeout of 2s", "--run-timeout", "2s", "--grace", "3s");
    }

    @Test
    void ring_that_is_too_small_is_wrong_usage() throws Exception {
        assertRefused(2, "ring size is 1024; it must be a power of two from 4096", "--recorder-ring", "1k");
    }

    @Test
    void recorder_settings_without_a_recorder_are_wrong_usage() throws Exception {
        assertRefused(2, "nothing for --recorder-ring", "--recorder", "off", "--recorder-ring", "64k");
    }

    @Test
    void handler_jar_that_does_not_exist_is_wrong_usage() throws Exception {
        assertRefused(2, "missing.jar", "--handlers", file("missing.jar").toString());
    }

    @Test
    void unknown_option_is_wrong_usage() throws Exception {
        assertRefused(2, "--no-such-option", "--no-such-option");
    }

    @Test
    void port_in_use_exits_with_1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(1, ":" + taken.getLocalPort(), "--listen", "127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void worker_command_that_cannot_start_exits_with_1() throws Exception {
        assertRefused(1, "no-such-java", "--worker-java", file("no-such-java").toString());
    }

    @Test
    void worker_that_never_boots_exits_with_1_and_its_stderr() throws Exception {
        Path script = FakeWorker.script(FakeWorker.Mode.SAYS_WHY_AND_NEVER_BOOTS);
        assertRefused(
                1,
                "the coffee machine is not connected",
                "--worker-java",
                script.toString(),
                "--boot-timeout",
                "1s",
                "--boot-attempts",
                "1");
    }

    @Test
    void second_service_on_the_run_directory_of_another_process_exits_with_1_until_that_is_gone() throws Exception {
        Path token;
        try (Service first = Service.start()) {
            assertRefused(1, "pid " + first.program.pid());
            assertRefused(1, "--run-dir");
            token = LeakCheck.runDirectory().resolve("admin-" + first.adminPort() + ".token");
            first.program.signal("KILL");
            first.program.exitCode();
            assertThat(token).exists();
        }
        try (Service second = Service.start()) {
            if (!token.endsWith("admin-" + second.adminPort() + ".token")) {
                assertThat(token).doesNotExist();
            }
            assertThat(second.terminate()).isZero();
        }
    }

    @Test
    void run_directory_that_cannot_be_used_exits_with_1() throws Exception {
        Path text = Files.writeString(file("text"), "x");
        assertRefused(1, "run directory", "--run-dir", text.toString());
        Path deep = Files.createDirectories(file("d".repeat(100)));
        assertRefused(1, "bytes", "--run-dir", deep.toString());
    }
}
