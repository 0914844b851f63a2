package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.proto.OnDisconnect;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.QueryFrame;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;

/** What becomes of the tasks of a client that is gone, and of the outcomes that nobody waits for. */
@ExtendWith(LeakCheck.class)
class DisconnectTest {

    private Path open = Path.of("");
    private Path mark = Path.of("");

    @BeforeEach
    void name_files() {
        open = LeakCheck.workDirectory().resolve("open");
        mark = LeakCheck.workDirectory().resolve("mark");
    }

    /** One worker, a running task and a queued one, and then their client vanishes. */
    private TestServer serverWithVanishedClient(OnDisconnect rule) throws Exception {
        TestServer server = TestServer.start(options -> options.withPool(options.pool()
                .withWorkers(1)
                .withDisconnectGraceNanos(TimeUnit.MILLISECONDS.toNanos(100))
                .withGraceNanos(TimeUnit.SECONDS.toNanos(30))));
        try (RawClient client = server.silent()) {
            client.hello(rule);
            client.submit(1, "gate", open);
            Pools.untilRunning(server.server().pool(), "gate", 1);
            client.submit(2, "gate-file", open + ":" + mark);
            Eventually.until("one runs, one waits", () -> server.snapshot().queuedTasks() == 1);
        }
        return server;
    }

    @Test
    void queued_tasks_are_cancelled_and_running_ones_finish_unseen() throws Exception {
        try (TestServer server = serverWithVanishedClient(OnDisconnect.CANCEL_QUEUED)) {
            Eventually.until(
                    "the queued one is cancelled",
                    () -> server.snapshot().totals().cancelled() == 1);
            assertThat(server.snapshot().workers().get(0).inFlight()).isEqualTo(1);
            Files.createFile(open);
            Eventually.until(
                    "the running one finishes", () -> server.snapshot().totals().succeeded() == 1);
            assertThat(mark).doesNotExist();
            server.assertUnharmed();
        }
    }

    @Test
    void all_tasks_are_cancelled_if_the_client_said_so() throws Exception {
        try (TestServer server = serverWithVanishedClient(OnDisconnect.CANCEL_ALL)) {
            Eventually.until(
                    "both are cancelled", () -> server.snapshot().totals().cancelled() == 2);
            assertThat(mark).doesNotExist();
            assertThat(server.snapshot().workers().get(0).restarts()).isZero();
            server.assertUnharmed();
        }
    }

    @Test
    void all_tasks_run_if_the_client_said_so() throws Exception {
        try (TestServer server = serverWithVanishedClient(OnDisconnect.KEEP)) {
            Files.createFile(open);
            Eventually.until("both finish", () -> server.snapshot().totals().succeeded() == 2);
            assertThat(mark).exists();
            server.assertUnharmed();
        }
    }

    // ---- detached tasks

    private static SubmitFrame detached(long correlation, String task, Object payload) {
        return new SubmitFrame(correlation, task, 4, 0, 0, 1, true, Payload.of(payload.toString()));
    }

    private static TaskStatusFrame status(RawClient client, long id) throws Exception {
        client.send(new QueryFrame(77, id, 0));
        return client.next(TaskStatusFrame.class);
    }

    @Test
    void outcome_of_a_detached_task_is_there_for_another_connection_more_than_once() throws Exception {
        try (TestServer server = TestServer.start()) {
            long id;
            try (RawClient client = server.welcomed()) {
                client.send(detached(1, "reverse", "kept"));
                id = client.accepted();
            }
            try (RawClient client = server.welcomed()) {
                for (long correlation = 5; correlation < 7; correlation++) {
                    client.send(new QueryFrame(correlation, id, TimeUnit.MINUTES.toMillis(1)));
                    ResultFrame result = client.result(correlation);
                    assertThat(result.taskId()).isEqualTo(id);
                    assertThat(result.payload().text()).isEqualTo("tpek");
                }
            }
        }
    }

    @Test
    void state_of_a_detached_task_is_told_while_it_has_no_outcome() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1));
                RawClient client = server.welcomed()) {
            client.send(detached(1, "gate", open));
            long running = client.accepted();
            client.send(detached(2, "echo", "x"));
            long queued = client.accepted();
            Eventually.until("it has begun", () -> status(client, running).state() == TaskState.RUNNING);
            // Handed to the busy worker or not: it has not begun.
            assertThat(status(client, queued).state()).isEqualTo(TaskState.QUEUED);
            // A query that waits in vain ends with the state too.
            client.send(new QueryFrame(9, running, 50));
            assertThat(client.next(TaskStatusFrame.class).state()).isEqualTo(TaskState.RUNNING);
            Files.createFile(open);
            client.send(new QueryFrame(10, queued, TimeUnit.MINUTES.toMillis(1)));
            assertThat(client.result(10).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        }
    }

    @Test
    void task_that_nobody_knows_is_gone() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            assertThat(status(client, 12345).state()).isEqualTo(TaskState.GONE);
            client.submit(1, "echo", "x");
            long delivered = client.result(1).taskId();
            assertThat(status(client, delivered).state()).isEqualTo(TaskState.GONE);
        }
    }

    @Test
    void kept_outcome_is_gone_after_its_time() throws Exception {
        try (TestServer server =
                        TestServer.start(options -> options.withResultTtlNanos(TimeUnit.MILLISECONDS.toNanos(300)));
                RawClient client = server.welcomed()) {
            client.send(detached(1, "echo", "x"));
            long id = client.accepted();
            Eventually.until("it is gone", () -> {
                client.send(new QueryFrame(1, id, 0));
                return client.next() instanceof TaskStatusFrame status && status.state() == TaskState.GONE;
            });
        }
    }

    @Test
    void oldest_kept_outcomes_go_first_when_there_are_too_many() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withKeptResultsMax(2));
                RawClient client = server.welcomed()) {
            long[] ids = new long[3];
            for (int i = 0; i < ids.length; i++) {
                client.send(detached(i, "echo", i));
                ids[i] = client.accepted();
                client.send(new QueryFrame(i, ids[i], TimeUnit.MINUTES.toMillis(1)));
                assertThat(client.result(i).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            assertThat(status(client, ids[0]).state()).isEqualTo(TaskState.GONE);
            client.send(new QueryFrame(8, ids[1], 0));
            assertThat(client.result(8).payload().text()).isEqualTo("1");
        }
    }

    @Test
    void oldest_kept_outcomes_go_first_when_they_have_too_many_bytes() throws Exception {
        try (TestServer server = TestServer.start(options -> options.withKeptResultBytesMax(1000));
                RawClient client = server.welcomed()) {
            long[] ids = new long[2];
            for (int i = 0; i < ids.length; i++) {
                client.send(detached(i, "big-result", 600));
                ids[i] = client.accepted();
                client.send(new QueryFrame(i, ids[i], TimeUnit.MINUTES.toMillis(1)));
                assertThat(client.result(i).payload().size()).isEqualTo(600);
            }
            assertThat(status(client, ids[0]).state()).isEqualTo(TaskState.GONE);
            client.send(new QueryFrame(8, ids[1], 0));
            assertThat(client.result(8).payload().size()).isEqualTo(600);
        }
    }

    @Test
    void detached_task_survives_its_client_whatever_that_asked_for_the_others() throws Exception {
        try (TestServer server = TestServer.ofPool(
                pool -> pool.withWorkers(1).withDisconnectGraceNanos(TimeUnit.MILLISECONDS.toNanos(50)))) {
            long id;
            try (RawClient client = server.silent()) {
                client.hello(OnDisconnect.CANCEL_ALL);
                client.submit(1, "gate", open);
                client.send(detached(2, "reverse", "kept"));
                Eventually.until(
                        "both are accepted", () -> server.snapshot().totals().accepted() == 2);
                client.accepted();
                id = client.accepted();
            }
            try (RawClient client = server.welcomed()) {
                client.send(new QueryFrame(3, id, TimeUnit.MINUTES.toMillis(1)));
                assertThat(client.result(3).payload().text()).isEqualTo("tpek");
                assertThat(server.snapshot().totals().cancelled()).isEqualTo(1);
            }
        }
    }
}
