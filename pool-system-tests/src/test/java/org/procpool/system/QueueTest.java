package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolOptions;
import org.procpool.proto.ClientCancelFrame;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ProgressFrame;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.SubmitFrame;
import org.procpool.proto.TaskState;
import org.procpool.proto.TaskStatusFrame;
import org.procpool.task.Routing;

/** Which task goes next, to which worker, and which are not taken in: over TCP, as a client sees it. */
@ExtendWith(LeakCheck.class)
class QueueTest {

    private static Path open() {
        return LeakCheck.workDirectory().resolve("open");
    }

    /**
     * One worker that is handed one task at a time: so all others are in the queue, to be counted and to be put in
     * order there.
     */
    private static TestServer oneAtATime(UnaryOperator<PoolOptions> change) {
        return TestServer.ofPool(pool -> change.apply(pool.withWorkers(1).withPrefetchMax(1)));
    }

    /** Keeps the worker busy until the file {@link #open} is there. */
    private static void shutGate(TestServer server, RawClient client, long correlation) throws Exception {
        client.submit(correlation, "gate", open());
        Pools.untilRunning(server.server().pool(), "gate", 1);
    }

    private static SubmitFrame prioritized(long correlation, int priority) {
        return new SubmitFrame(correlation, "echo", priority, 0, 0, 1, false, Payload.EMPTY);
    }

    @Test
    void higher_priorities_go_first_and_equal_ones_in_order() throws Exception {
        try (TestServer server = oneAtATime(pool -> pool);
                RawClient client = server.welcomed()) {
            shutGate(server, client, 100);
            int[] priorities = {4, 0, 9, 4, 9, 0};
            for (int i = 0; i < priorities.length; i++) {
                client.send(prioritized(i, priorities[i]));
            }
            Eventually.until("all wait", () -> server.snapshot().queuedTasks() == priorities.length);
            Files.createFile(open());
            assertThat(client.next(ResultFrame.class).correlation()).isEqualTo(100);
            List<Long> order = new ArrayList<>();
            for (int i = 0; i < priorities.length; i++) {
                order.add(client.next(ResultFrame.class).correlation());
            }
            assertThat(order).containsExactly(2L, 4L, 0L, 3L, 1L, 5L);
        }
    }

    @Test
    void least_priority_is_not_starved_by_a_stream_of_higher_ones() throws Exception {
        try (TestServer server = oneAtATime(pool -> pool);
                RawClient client = server.welcomed()) {
            shutGate(server, client, 1000);
            client.send(prioritized(0, 0));
            for (int i = 1; i <= 100; i++) {
                client.send(prioritized(i, 9));
            }
            Eventually.until("all wait", () -> server.snapshot().queuedTasks() == 101);
            Files.createFile(open());
            client.result(1000);
            int place = 0;
            while (client.next(ResultFrame.class).correlation() != 0) {
                place++;
            }
            assertThat(place).isLessThanOrEqualTo(16);
        }
    }

    @Test
    void full_queue_rejects_with_depth_limit_and_a_time_to_try_again() throws Exception {
        try (TestServer server = oneAtATime(pool -> pool.withQueueTasksMax(3));
                RawClient client = server.welcomed()) {
            shutGate(server, client, 0);
            for (int i = 1; i <= 5; i++) {
                client.submit(i, "echo", i);
            }
            for (int i = 4; i <= 5; i++) {
                ResultFrame rejected = client.result(i);
                assertThat(rejected.outcome()).isEqualTo(OutcomeKind.REJECTED);
                assertThat(rejected.taskId()).isZero();
                assertThat(rejected.error().type()).isEqualTo("QUEUE_FULL");
                assertThat(rejected.error().message()).contains("3 of 3 tasks").matches(".*try again in \\d+ ms.*");
            }
            Files.createFile(open());
            for (int i = 0; i <= 3; i++) {
                assertThat(client.next(ResultFrame.class).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            }
            assertThat(server.snapshot().totals().rejected()).isEqualTo(2);
            server.assertUnharmed();
        }
    }

    @Test
    void queue_that_is_full_of_bytes_rejects_too() throws Exception {
        try (TestServer server = oneAtATime(pool -> pool.withQueueBytesMax(10_000));
                RawClient client = server.welcomed()) {
            shutGate(server, client, 0);
            client.send(RawClient.task(1, "echo", Payload.of(new byte[8_000])));
            client.send(RawClient.task(2, "echo", Payload.of(new byte[8_000])));
            assertThat(client.result(2).error().message()).contains("8000 of 10000 bytes");
            Files.createFile(open());
            assertThat(client.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        }
    }

    @Test
    void unknown_task_is_rejected_with_the_nearest_names() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.submit(1, "revers", "x");
            ResultFrame rejected = client.result(1);
            assertThat(rejected.error().type()).isEqualTo("UNKNOWN_TASK");
            assertThat(rejected.error().message()).contains("did you mean reverse?");
            server.assertUnharmed();
        }
    }

    @Test
    void task_that_cannot_start_within_its_time_to_live_expires_and_never_runs() throws Exception {
        Path mark = LeakCheck.workDirectory().resolve("mark");
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(1));
                RawClient client = server.welcomed()) {
            shutGate(server, client, 0);
            client.send(new SubmitFrame(1, "gate-file", 9, 100, 0, 1, false, Payload.of(open() + ":" + mark)));
            ResultFrame expired = client.result(1);
            assertThat(expired.outcome()).isEqualTo(OutcomeKind.EXPIRED);
            assertThat(expired.attempts()).isZero();
            assertThat(expired.workerId()).isZero();
            assertThat(expired.queuedMicros()).isGreaterThanOrEqualTo(100_000);
            assertThat(expired.error().message()).contains("100ms");
            Files.createFile(open());
            assertThat(client.result(0).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(mark).doesNotExist();
        }
    }

    @Test
    void running_task_is_cancelled_by_another_connection_and_says_so_to_its_own() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed();
                RawClient other = server.welcomed()) {
            client.submit(1, "sleep", "5m");
            long id = client.accepted();
            Pools.untilRunning(server.server().pool(), "sleep", 1);
            other.send(new ClientCancelFrame(9, id));
            TaskStatusFrame status = other.next(TaskStatusFrame.class);
            assertThat(status.state()).isIn(TaskState.CANCELLING, TaskState.GONE);
            ResultFrame cancelled = client.result(1);
            assertThat(cancelled.outcome()).isEqualTo(OutcomeKind.CANCELLED);
            assertThat(cancelled.error().message()).contains("cancelled by a client");
            // Once more does no harm.
            other.send(new ClientCancelFrame(10, id));
            assertThat(other.next(TaskStatusFrame.class).state()).isEqualTo(TaskState.GONE);
        }
    }

    @Test
    void progress_reaches_the_client_while_the_task_runs() throws Exception {
        try (TestServer server = TestServer.start();
                RawClient client = server.welcomed()) {
            client.submit(1, "progress", "5:" + open());
            ProgressFrame progress = client.next(ProgressFrame.class);
            while (progress.fraction() < 1) {
                progress = client.next(ProgressFrame.class);
            }
            assertThat(progress.note()).isEqualTo("step 5");
            Files.createFile(open());
            assertThat(client.result(1).outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
        }
    }

    private static List<Integer> workersOfSequentialTasks(Routing routing) throws Exception {
        List<Integer> workers = new ArrayList<>();
        // Without recorders: else a task that its worker is slow to begin moves on to another, whatever the routing.
        try (TestServer server = TestServer.ofPool(
                        pool -> pool.withWorkers(3).withRouting(routing).withRecorder(false));
                RawClient client = server.welcomed()) {
            Pools.untilIdle(server.server().pool(), 3);
            for (int i = 0; i < 9; i++) {
                client.submit(i, "echo", "x");
                workers.add(client.result(i).workerId());
            }
        }
        return workers;
    }

    @Test
    void round_robin_goes_round() throws Exception {
        List<Integer> workers = workersOfSequentialTasks(Routing.ROUND_ROBIN);
        int first = workers.get(0);
        for (int i = 0; i < workers.size(); i++) {
            assertThat(workers.get(i)).isEqualTo((first - 1 + i) % 3 + 1);
        }
    }

    @Test
    void least_busy_takes_the_one_that_has_rested_longest() throws Exception {
        List<Integer> workers = workersOfSequentialTasks(Routing.LEAST_BUSY);
        assertThat(workers.subList(0, 3)).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(workers.subList(3, 6)).isEqualTo(workers.subList(0, 3));
    }

    @Test
    void busy_worker_is_passed_over_by_either_routing() throws Exception {
        for (Routing routing : Routing.values()) {
            Path gate = LeakCheck.workDirectory().resolve("gate-" + routing);
            try (TestServer server = TestServer.ofPool(pool -> pool.withRouting(routing));
                    RawClient client = server.welcomed()) {
                Pools.untilIdle(server.server().pool(), 2);
                client.submit(100, "gate", gate);
                Pools.untilRunning(server.server().pool(), "gate", 1);
                List<Integer> workers = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    client.submit(i, "echo", "x");
                    workers.add(client.result(i).workerId());
                }
                assertThat(workers).containsOnly(workers.get(0));
                Files.createFile(gate);
                assertThat(client.result(100).workerId()).isNotEqualTo(workers.get(0));
            }
        }
    }

    @Test
    void flood_of_one_client_does_not_keep_another_waiting_for_all_of_it() throws Exception {
        try (TestServer server = oneAtATime(pool -> pool);
                RawClient flood = server.welcomed();
                RawClient modest = server.welcomed()) {
            shutGate(server, flood, 0);
            for (int i = 1; i <= 500; i++) {
                flood.submit(i, "echo", i);
            }
            Eventually.until("the flood waits", () -> server.snapshot().queuedTasks() == 500);
            modest.submit(1, "sleep", "1ms");
            Eventually.until("the modest one waits too", () -> server.snapshot().queuedTasks() == 501);
            Files.createFile(open());
            ResultFrame served = modest.result(1);
            assertThat(served.outcome()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(served.queuedMicros()).isLessThan(flood.result(500).queuedMicros());
        }
    }
}
