package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** The commands as people and scripts use them: separate processes, standard streams, exit codes. */
@ExtendWith(LeakCheck.class)
class CliTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Path file(String name) {
        return LeakCheck.workDirectory().resolve(name);
    }

    private static void assertOneLine(String text) {
        assertThat(text).isNotBlank().doesNotContain("\n").doesNotContain("Exception");
    }

    @Test
    void submit_prints_the_result_and_nothing_else() throws Exception {
        try (Service service = Service.start()) {
            Ended shout = service.run("submit", "uppercase", "--text", "hello");
            assertThat(shout.output()).isEqualTo("HELLO");
            assertThat(shout.errors()).isEmpty();
            assertThat(shout.exitCode()).isZero();
            assertThat(service.run("submit", "add", "--json", "{\"a\":10,\"b\":20}")
                            .output())
                    .isEqualTo("30");
            Path input = Files.writeString(file("in"), "drawkcab");
            Ended reversed = service.run(
                    "submit",
                    "reverse",
                    "--file",
                    input.toString(),
                    "--output",
                    file("out").toString());
            assertThat(reversed.output()).isEmpty();
            assertThat(file("out")).hasContent("backward");
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void show_json_tells_everything_about_an_outcome() throws Exception {
        try (Service service = Service.start()) {
            JsonNode good = JSON.readTree(service.run("submit", "reverse", "--text", "abc", "--show", "json")
                    .output());
            assertThat(good.get("id").asText()).matches("[0-9a-z]+");
            assertThat(good.get("task").asText()).isEqualTo("reverse");
            assertThat(good.get("outcome").asText()).isEqualTo("SUCCEEDED");
            assertThat(good.get("worker").get("id").asInt()).isBetween(1, 2);
            assertThat(good.get("worker").get("pid").asLong()).isPositive();
            assertThat(good.get("attempts").asInt()).isEqualTo(1);
            assertThat(good.get("queuedMicros").asLong()).isNotNegative();
            assertThat(good.get("runMicros").asLong()).isNotNegative();
            assertThat(good.get("payload").asText()).isEqualTo("cba");
            Ended failed = service.run("submit", "throw", "--text", "oh dear", "--show", "json");
            JsonNode error = JSON.readTree(failed.output()).get("error");
            assertThat(error.get("type").asText()).isEqualTo("java.lang.IllegalStateException");
            assertThat(error.get("message").asText()).isEqualTo("oh dear");
            assertThat(error.get("stack").asText()).contains("Throwing");
            assertThat(failed.exitCode()).isEqualTo(1);
        }
    }

    private record Call(int exitCode, String task, String text, String option) {}

    @Test
    void exit_code_tells_the_outcome_and_one_line_why() throws Exception {
        List<Call> calls = List.of(
                new Call(0, "echo", "x", "--priority=9"),
                new Call(1, "throw", "x", "--priority=9"),
                new Call(2, "echo", "x", "--priority=10"),
                new Call(3, "spin", "x", "--timeout=200ms"),
                new Call(4, "halt", "9", "--max-attempts=1"),
                new Call(5, "no-such", "x", "--priority=1"));
        try (Service service = Service.start("--grace", "100ms")) {
            for (Call call : calls) {
                Ended ended = service.run("submit", call.task, "--text", call.text, call.option);
                assertThat(ended.exitCode()).as("%s: %s", call, ended.errors()).isEqualTo(call.exitCode);
                if (call.exitCode != 0) {
                    assertThat(ended.output()).as("%s", call).isEmpty();
                    assertThat(ended.errors()).as("%s", call).isNotBlank();
                }
                if (call.exitCode > 2) {
                    assertOneLine(ended.errors());
                }
            }
        }
    }

    @Test
    void task_that_could_not_start_in_time_exits_with_3() throws Exception {
        try (Service service = Service.start("--workers", "1");
                Program first =
                        service.begin("submit", "gate", "--text", file("open").toString())) {
            awaitRunning(service, 1);
            Ended late = service.run("submit", "echo", "--text", "x", "--deadline", "200ms");
            assertThat(late.exitCode()).isEqualTo(3);
            assertThat(late.errors()).contains("200ms");
            Files.createFile(file("open"));
            assertThat(first.exitCode()).isZero();
        }
    }

    private static void awaitRunning(Service service, int count) {
        Eventually.until(count + " tasks run", () -> {
            JsonNode workers =
                    JSON.readTree(service.run("status", "--json").output()).get("workers");
            int running = 0;
            for (JsonNode worker : workers) {
                running += worker.get("inFlight").asInt();
            }
            return running == count;
        });
    }

    @Test
    void server_that_is_not_there_exits_with_6() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Map<String, String> nowhere =
                Map.of("PROCPOOL_SERVER", "127.0.0.1:" + port, "PROCPOOL_ADMIN", "127.0.0.1:" + port);
        for (List<String> command : List.of(
                List.of("submit", "echo", "--text", "x"),
                List.of("status"),
                List.of("workers"),
                List.of("tasks"),
                List.of("drain"),
                List.of("cancel", "12345"),
                List.of("result", "12345"))) {
            Ended ended = Cli.run(nowhere, command.toArray(String[]::new));
            assertThat(ended.exitCode()).as("%s", command).isEqualTo(6);
            assertOneLine(ended.errors());
            assertThat(ended.errors()).contains(":" + port);
        }
    }

    @Test
    void connection_lost_after_the_task_was_accepted_exits_with_7() throws Exception {
        try (Service service = Service.start();
                Program waiting = service.begin("submit", "sleep", "--text", "5m")) {
            awaitRunning(service, 1);
            service.program.signal("KILL");
            assertThat(waiting.exitCode()).isEqualTo(7);
            assertOneLine(waiting.errorText());
        }
        Directories.delete(LeakCheck.runDirectory());
        Directories.delete(LeakCheck.memoryDirectory());
    }

    @Test
    void detached_task_can_be_asked_for_cancelled_and_is_gone_when_it_is_not_known() throws Exception {
        try (Service service = Service.start()) {
            String done = service.run("submit", "reverse", "--text", "abc", "--detach")
                    .output();
            Ended result = service.run("result", done, "--wait", "30s");
            assertThat(result.output()).isEqualTo("cba");
            assertThat(service.run("result", done).exitCode()).isZero();

            String running =
                    service.run("submit", "sleep", "--text", "5m", "--detach").output();
            Ended notYet = service.run("result", running);
            assertThat(notYet.exitCode()).isEqualTo(9);
            assertThat(service.run("tasks").output()).contains(running).contains("sleep");
            assertThat(service.run("cancel", running).exitCode()).isZero();
            Ended cancelled = service.run("result", running, "--wait", "30s");
            assertThat(cancelled.exitCode()).isEqualTo(5);
            assertThat(cancelled.errors()).contains("cancelled");

            Ended gone = service.run("result", "zzz");
            assertThat(gone.exitCode()).isIn(2, 8);
            Ended unknown = service.run("result", done.substring(0, done.length() - 1) + "z");
            assertThat(unknown.exitCode()).isEqualTo(8);
            assertThat(unknown.errors()).contains("GONE");
        }
    }

    @Test
    void status_adds_up_and_names_the_workers() throws Exception {
        try (Service service = Service.start()) {
            for (String task : List.of("echo", "throw", "no-such")) {
                service.run("submit", task, "--text", "x");
            }
            JsonNode status = JSON.readTree(service.run("status", "--json").output());
            assertThat(status.get("state").asText()).isEqualToIgnoringCase("running");
            assertThat(status.get("routing").asText()).isEqualTo("least-busy");
            assertThat(status.get("workers")).hasSize(2);
            JsonNode totals = status.get("totals");
            assertThat(totals.get("accepted").asLong()).isEqualTo(2);
            assertThat(totals.get("succeeded").asLong()).isEqualTo(1);
            assertThat(totals.get("failed").asLong()).isEqualTo(1);
            assertThat(totals.get("rejected").asLong()).isEqualTo(1);
            for (JsonNode worker : status.get("workers")) {
                assertThat(service.run("workers").output())
                        .contains(worker.get("pid").asText());
            }
        }
    }

    @Test
    void lines_of_a_file_become_tasks_and_their_results_lines_in_the_same_order() throws Exception {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            words.add("word" + i);
        }
        Path input = Files.writeString(file("words"), String.join("\n", words) + "\n");
        try (Service service = Service.start()) {
            Ended batch = service.run("submit", "uppercase", "--each-line", "--file", input.toString());
            assertThat(batch.output()).isEqualTo(String.join("\n", words).toUpperCase(java.util.Locale.ROOT));
            assertThat(batch.exitCode()).isZero();
        }
    }

    @Test
    void batch_exits_with_its_worst_outcome_and_names_those_that_failed() throws Exception {
        Path input = Files.writeString(file("numbers"), "1\n2\nthree\n4\n");
        try (Service service = Service.start()) {
            Ended batch = service.run("submit", "fib", "--each-line", "--file", input.toString());
            assertThat(batch.exitCode()).isEqualTo(1);
            assertThat(batch.output().lines()).contains("1", "3");
            assertThat(batch.errors()).contains("3");
        }
    }

    @Test
    void files_of_a_pattern_become_tasks_and_their_results_files() throws Exception {
        Path in = Files.createDirectory(file("in"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(in.resolve(i + ".txt"), "text " + i);
        }
        try (Service service = Service.start()) {
            Ended batch = service.run(
                    "submit",
                    "uppercase",
                    "--glob",
                    in + "/*.txt",
                    "--out-dir",
                    file("out").toString());
            assertThat(batch.exitCode()).isZero();
            for (int i = 0; i < 20; i++) {
                assertThat(file("out").resolve(i + ".txt")).hasContent("TEXT " + i);
            }
        }
    }
}
