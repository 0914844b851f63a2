package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** What people and clients see of workers that died, and of tasks that wait at one that lives. */
@ExtendWith(LeakCheck.class)
class DeadWorkersTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void report_of_a_lost_worker_is_in_the_outcome_and_in_the_list_of_the_dead() throws Exception {
        try (Service service = Service.start("--workers", "1")) {
            assertThat(service.run("workers", "--dead").output()).isEqualTo("there are no reports of dead workers");

            Ended lost = service.run("submit", "halt", "--text", "9", "--show", "json");
            assertThat(lost.exitCode()).isEqualTo(4);
            assertThat(lost.errors())
                    .hasLineCount(1)
                    .contains("WORKER_LOST", "'procpool workers --dead' has the report");
            JsonNode outcome = JSON.readTree(lost.output());
            String id = outcome.get("id").asText();
            long pid = outcome.get("worker").get("pid").asLong();
            assertThat(outcome.get("error").get("autopsy").asText())
                    .contains("(pid " + pid + ") left: CRASHED: exit code 9")
                    .contains("was running task " + id + " (halt, attempt 1)");

            JsonNode dead =
                    JSON.readTree(service.run("workers", "--dead", "--json").output());
            assertThat(dead).hasSize(1);
            JsonNode report = dead.get(0);
            assertThat(report.get("pid").asLong()).isEqualTo(pid);
            assertThat(report.get("reason").asText()).isEqualTo("CRASHED");
            assertThat(report.get("exit").asText()).isEqualTo("exit code 9");
            assertThat(report.get("task").asText()).isEqualTo("halt");
            assertThat(report.get("taskId").asText()).isEqualTo(id);
            assertThat(report.get("account").get("lost").asInt()).isEqualTo(1);
            assertThat(Instant.parse(report.get("at").asText())).isBefore(Instant.now());
            assertThat(service.run("workers", "--dead").output())
                    .isEqualTo(report.get("text").asText().strip());
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void only_as_many_reports_are_kept_as_the_option_says_the_newest_first() throws Exception {
        try (Service service = Service.start("--workers", "1", "--spares", "0", "--autopsies", "2")) {
            for (int code = 1; code <= 3; code++) {
                assertThat(service.run("submit", "halt", "--text", Integer.toString(code))
                                .exitCode())
                        .isEqualTo(4);
            }
            assertThat(service.run("workers", "--dead").output())
                    .containsSubsequence("exit code 3", "\n\nworker w", "exit code 2")
                    .doesNotContain("exit code 1");
            assertThat(service.terminate()).isZero();
        }
    }

    @Test
    void client_learns_why_its_worker_is_gone_and_nothing_of_a_worker_that_lives() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client()) {
            TaskResult lost = Eventually.value(client.submit("halt", Payload.of("7")));
            assertThat(lost.outcome()).isEqualTo(OutcomeKind.WORKER_LOST);
            assertThat(lost.error().autopsy()).contains("(pid " + lost.workerPid() + ") left: CRASHED: exit code 7");
            TaskResult failed = Eventually.value(client.submit("throw", Payload.of("x")));
            assertThat(failed.outcome()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error().autopsy()).isEmpty();
        }
    }

    @Test
    void task_that_waits_at_a_worker_is_shown_as_queued() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (TestServer server = TestServer.ofPool(
                        pool -> pool.withWorkers(1).withSpares(0).withPatienceNanos(0));
                RawClient client = server.welcomed()) {
            client.submit(1, "gate", open);
            long first = client.accepted();
            client.submit(2, "gate", open);
            long second = client.accepted();
            Eventually.until("the first runs, and the second waits behind it", () -> {
                client.send(new QueryFrame(8, first, 0));
                TaskStatusFrame running = client.next(TaskStatusFrame.class);
                client.send(new QueryFrame(9, second, 0));
                TaskStatusFrame waiting = client.next(TaskStatusFrame.class);
                return running.state() == TaskState.RUNNING
                        && running.detail().equals("it runs on worker 1, attempt 1")
                        && waiting.state() == TaskState.QUEUED
                        && waiting.detail().equals("handed to worker 1, not started");
            });
            Files.createFile(open);
            assertThat(client.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(client.result(2).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        }
    }
}
