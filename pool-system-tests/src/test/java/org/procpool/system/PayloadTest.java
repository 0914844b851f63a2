package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Outcome;

/** Bytes in, the same bytes out, whatever else goes through the worker's pipes. */
@ExtendWith(LeakCheck.class)
class PayloadTest {

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void payload_of_32_megabytes_travels_both_ways_with_more_queued_behind_it() throws Exception {
        byte[] large = random(32 << 20, 1);
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(2).withWorkerJvmArgs(List.of("-Xmx512m")))) {
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                outcomes.add(pool.submit("echo", large));
            }
            for (CompletableFuture<Outcome> outcome : outcomes) {
                assertThat(Pools.outcome(outcome).payload().bytes()).isEqualTo(large);
            }
        }
    }

    @Test
    void payloads_of_all_awkward_sizes_come_back_exactly() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options)) {
            for (int size :
                    new int[] {0, 1, 127, 128, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 2_097_151, 2_097_152}) {
                byte[] bytes = random(size, size);
                Outcome outcome = Eventually.value(pool.submit("echo", bytes));
                assertThat(outcome.payload().bytes()).as("%d bytes", size).isEqualTo(bytes);
            }
        }
    }

    @Test
    void flood_on_stdout_and_stderr_while_answering_neither_blocks_the_worker_nor_reaches_the_result()
            throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome flooded = Pools.run(pool, "flood", "10");
            assertThat(flooded.succeeded()).isTrue();
            assertThat(flooded.payload().text()).isEqualTo("10");
            assertThat(Pools.run(pool, "echo", "after the flood").payload().text())
                    .isEqualTo("after the flood");
        }
    }

    @Test
    void what_the_virtual_machine_prints_by_itself_is_no_protocol_error() throws Exception {
        try (ProcessPool pool = Pools.start(options ->
                options.withWorkers(1).withWorkerJvmArgs(List.of("-Xmx128m", "-Xlog:class+load=info:stdout")))) {
            assertThat(Pools.run(pool, "echo", "clean").payload().text()).isEqualTo("clean");
        }
    }

    @Test
    void payload_over_the_limit_is_rejected_with_size_and_limit() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withPayloadBytesMax(1000))) {
            Outcome rejected = Eventually.value(pool.submit("echo", new byte[1001]));
            assertThat(rejected.kind()).isEqualTo(OutcomeKind.REJECTED);
            assertThat(rejected.error().type()).isEqualTo("PAYLOAD_TOO_LARGE");
            assertThat(rejected.error().message())
                    .contains("1001")
                    .contains("1000")
                    .contains("echo");
            assertThat(Eventually.value(pool.submit("echo", new byte[1000])).succeeded())
                    .isTrue();
        }
    }

    @Test
    void result_over_the_limit_is_failed_with_size_and_limit_and_the_worker_lives_on() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withPayloadBytesMax(1000))) {
            Outcome failed = Pools.run(pool, "big-result", "1001");
            assertThat(failed.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(failed.error().message()).contains("1001").contains("1000");
            assertThat(Pools.run(pool, "pid", "").workerPid()).isEqualTo(failed.workerPid());
        }
    }

    @Test
    void stopped_worker_with_a_large_payload_under_way_delays_nobody_else() throws Exception {
        try (ProcessPool pool = Pools.start(options -> options)) {
            Pools.untilIdle(pool, 2);
            long stopped = Pools.worker(pool, 1).pid();
            Processes.signal(stopped, "STOP");
            CompletableFuture<Outcome> stuck = pool.submit("echo", new byte[8 << 20]);
            CompletableFuture<Outcome> other = pool.submit("echo", new byte[8 << 20]);
            CompletableFuture.anyOf(stuck, other)
                    .get(Eventually.DEADLINE_SECONDS, java.util.concurrent.TimeUnit.SECONDS);
            for (int i = 0; i < 2_000; i++) {
                assertThat(Pools.run(pool, "echo", "x").succeeded()).isTrue();
            }
            Processes.signal(stopped, "CONT");
            assertThat(Pools.outcome(stuck).succeeded()).isTrue();
            assertThat(Pools.outcome(other).succeeded()).isTrue();
        }
    }
}
