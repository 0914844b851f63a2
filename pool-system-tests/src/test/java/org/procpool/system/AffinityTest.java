package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskRequest;
import org.procpool.proto.Payload;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** Tasks of one key on one worker. */
@ExtendWith(LeakCheck.class)
class AffinityTest {

    private static TaskSpec pid(String key) {
        return Pools.task("pid", "").withKey(key);
    }

    @Test
    void tasks_of_one_key_run_on_one_worker_and_keys_are_spread() throws Exception {
        // Without a recorder nothing is ever taken back, however busy this machine is.
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(4).withRecorder(false))) {
            Pools.untilIdle(pool, 4);
            Map<String, String> pids = new HashMap<>();
            for (int round = 0; round < 5; round++) {
                for (int key = 0; key < 16; key++) {
                    String ran = Pools.outcome(pool.submit(pid("key " + key)))
                            .payload()
                            .text();
                    assertThat(pids.putIfAbsent("key " + key, ran)).isIn(null, ran);
                }
            }
            assertThat(pids.values().stream().distinct().count()).isGreaterThan(1);
        }
    }

    @Test
    void task_whose_worker_is_busy_beyond_patience_runs_on_another() throws Exception {
        Path open = LeakCheck.workDirectory().resolve("open");
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2))) {
            Pools.untilIdle(pool, 2);
            CompletableFuture<Outcome> busy =
                    pool.submit(Pools.task("gate", open).withKey("k"));
            Pools.untilRunning(pool, "gate", 1);
            String elsewhere = Pools.outcome(pool.submit(pid("k"))).payload().text();
            Files.createFile(open);
            assertThat(elsewhere).isNotEqualTo(Pools.outcome(busy).payload().text());
        }
    }

    @Test
    void keys_of_a_worker_that_dies_move_to_another() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2))) {
            Pools.untilIdle(pool, 2);
            String before = Pools.outcome(pool.submit(pid("k"))).payload().text();
            ProcessHandle.of(Long.parseLong(before)).orElseThrow().destroyForcibly();
            Outcome after = Pools.outcome(pool.submit(pid("k").withMaxAttempts(3)));
            assertThat(after.payload().text()).isNotEqualTo(before);
        }
    }

    @Test
    void over_tcp_the_key_comes_with_the_submission() throws Exception {
        try (TestServer server = TestServer.ofPool(pool -> pool.withWorkers(4).withRecorder(false));
                PoolClient client = server.client()) {
            Pools.untilIdle(server.server().pool(), 4);
            TaskRequest request = TaskRequest.of("pid", Payload.EMPTY).withKey("k");
            String first = Eventually.value(client.submit(request)).payload().text();
            for (int i = 0; i < 10; i++) {
                assertThat(Eventually.value(client.submit(request)).payload().text())
                        .isEqualTo(first);
            }
        }
    }
}
