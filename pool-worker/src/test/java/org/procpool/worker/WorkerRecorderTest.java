package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.BootFailedFrame;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerProgressFrame;
import org.procpool.proto.WorkerResultFrame;
import org.procpool.recorder.ClaimState;
import org.procpool.recorder.Corpse;
import org.procpool.recorder.RecorderOptions;
import org.procpool.recorder.SupervisorPage;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WorkerRecorderTest {

    private static final RecorderOptions SMALL_RING = new RecorderOptions(1024, 8 * 1024);

    private final Path directory;

    WorkerRecorderTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void hello_says_that_the_page_is_mapped_and_its_name_is_gone_by_then() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, RecorderOptions.DEFAULT)) {
            assertThat(directory.resolve("page")).doesNotExist();
            assertThat(worker.page().consumed(0)).isZero();
            assertThat(worker.page().written()).isZero();
        }
        try (FakeSupervisor plain = new FakeSupervisor(Files.createDirectory(directory.resolve("plain")))) {
            assertThat(plain.launch().acceptBoth().recorder()).isFalse();
        }
    }

    @Test
    void a_page_with_a_name_has_lost_it_when_the_worker_has_mapped_it() throws Exception {
        Path named;
        try (SupervisorPage page = SupervisorPage.create(directory.resolve("other"), RecorderOptions.DEFAULT)) {
            named = Files.copy(page.file(), directory.resolve("page"));
        }
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).with("recorder", named.toString())) {
            assertThat(supervisor.launch().acceptBoth().recorder()).isTrue();
            assertThat(named).doesNotExist();
        }
    }

    @Test
    void of_a_prefetched_batch_exactly_those_run_that_were_not_revoked_and_in_order() throws Exception {
        Random random = new Random(3);
        try (RecordedWorker worker = RecordedWorker.boot(directory, RecorderOptions.DEFAULT)) {
            long before = System.nanoTime();
            TaskFrame[] batch = new TaskFrame[512];
            batch[0] = worker.offer("progress", Payload.EMPTY);
            for (int i = 1; i < batch.length; i++) {
                batch[i] = worker.offer("echo", Payload.of("p" + (i + 1)));
            }
            worker.send(batch);
            await().until(() -> worker.page().state(1) == ClaimState.STARTED);

            List<Long> expected = new ArrayList<>(List.of(1L));
            for (long dispatch = 2; dispatch <= batch.length; dispatch++) {
                if (random.nextInt(3) == 0) {
                    assertThat(worker.page().revoke(dispatch)).isTrue();
                } else {
                    expected.add(dispatch);
                }
            }
            assertThat(worker.page().revoke(1)).isFalse();
            worker.supervisor().control().send(new CancelFrame(1));
            List<WorkerResultFrame> results = worker.receiveResults(expected.size());

            assertThat(results.stream().map(WorkerResultFrame::dispatch)).isEqualTo(expected);
            assertThat(results.subList(1, results.size()))
                    .allSatisfy(result -> assertThat(result.payload().text()).isEqualTo("p" + result.dispatch()));
            await().until(() -> worker.page().consumed(worker.sent()) == worker.sent());
            long started = before;
            for (long dispatch : expected) {
                assertThat(worker.page().state(dispatch)).isEqualTo(ClaimState.STARTED);
                assertThat(worker.page().startNanos(dispatch)).isBetween(started, System.nanoTime());
                started = worker.page().startNanos(dispatch);
            }
        }
    }

    @Test
    void a_task_behind_one_whose_result_has_to_wait_for_room_starts_when_that_has_found_it() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, SMALL_RING)) {
            Payload third = Payload.of("x".repeat(SMALL_RING.ringBytes() * 3 / 8));
            TaskFrame[] batch = new TaskFrame[8];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = worker.offer("echo", third);
            }
            worker.send(batch);
            // The third has run, and has filled the ring with the beginning of its result.
            await().until(() -> worker.page().written() == SMALL_RING.ringBytes());
            long waiting = System.nanoTime();

            assertThat(worker.receiveResults(batch.length)).hasSize(batch.length);
            assertThat(worker.page().startNanos(3)).isLessThan(waiting);
            assertThat(worker.page().startNanos(4)).isGreaterThanOrEqualTo(waiting);
        }
    }

    @Test
    void a_task_that_was_taken_back_while_a_slow_one_runs_never_runs() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, RecorderOptions.DEFAULT)) {
            worker.send(worker.offer("wait", Payload.EMPTY), worker.offer("echo", Payload.EMPTY));
            await().until(() -> worker.page().state(1) == ClaimState.STARTED);
            assertThat(worker.page().consumed(worker.sent())).isLessThan(worker.sent());

            assertThat(worker.page().revoke(2)).isTrue();
            worker.supervisor().control().send(new CancelFrame(1));
            worker.send(worker.offer("echo", Payload.EMPTY), EmptyFrame.DRAIN);

            assertThat(worker.supervisor().exitCode()).isZero();
            while (worker.receive()) {
                // Until the end of the stream.
            }
            assertThat(worker.results().stream().map(WorkerResultFrame::dispatch))
                    .containsExactly(1L, 3L);
        }
    }

    @Test
    void a_worker_that_asked_for_its_replacement_claims_nothing_more() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, RecorderOptions.DEFAULT)) {
            worker.send(
                    worker.offer("retire", Payload.EMPTY),
                    worker.offer("echo", Payload.EMPTY),
                    worker.offer("echo", Payload.EMPTY));
            assertThat(worker.receiveResults(1).get(0).retire()).isTrue();
            worker.send(worker.offer("echo", Payload.EMPTY), EmptyFrame.DRAIN);

            assertThat(worker.supervisor().exitCode()).isZero();
            assertThat(worker.receive()).isFalse();
            for (long dispatch = 2; dispatch <= 4; dispatch++) {
                assertThat(worker.page().revoke(dispatch)).isTrue();
            }
        }
    }

    @Test
    void a_finished_result_survives_a_kill_though_its_write_was_still_waiting() throws Exception {
        for (int round = 0; round < 5; round++) {
            Path own = Files.createDirectory(directory.resolve("r" + round));
            try (RecordedWorker worker = RecordedWorker.boot(own, RecorderOptions.DEFAULT)) {
                worker.send(worker.offer("echo", Payload.of("done")), worker.offer("spin", Payload.EMPTY));
                while (worker.page().state(2) != ClaimState.STARTED) {
                    Thread.onSpinWait();
                }
                worker.killAndRecover();

                assertThat(worker.results()).hasSize(1);
                assertThat(worker.results().get(0).payload().text()).isEqualTo("done");
            }
        }
    }

    @Test
    void a_kill_at_any_moment_of_a_batch_costs_at_most_the_running_task() throws Exception {
        for (int round = 0; round < 25; round++) {
            Path own = Files.createDirectory(directory.resolve("r" + round));
            RecorderOptions options = round % 2 == 0 ? SMALL_RING : RecorderOptions.DEFAULT;
            try (RecordedWorker worker = RecordedWorker.boot(own, options)) {
                killInMidBatch(worker, new Random(round));
            }
        }
    }

    private static void killInMidBatch(RecordedWorker worker, Random random) throws Exception {
        TaskFrame[] batch = new TaskFrame[512];
        for (int i = 0; i < batch.length; i++) {
            int size = random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(100);
            batch[i] = random.nextInt(8) == 0
                    ? worker.offer("throw", Payload.EMPTY)
                    : worker.offer("sized", Payload.of(String.valueOf(size)));
        }
        int hearing = random.nextInt(512);
        long delayNanos = random.nextInt(40_000_000);
        worker.send(batch);
        CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
            LockSupport.parkNanos(delayNanos);
            worker.supervisor().process().destroyForcibly();
        });
        try {
            while (worker.results().size() < hearing && worker.receive()) {
                // Until it is killed, or nobody listens to it any more.
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
        killer.join();
        worker.killAndRecover();

        Corpse corpse = worker.page().corpse();
        List<WorkerResultFrame> results = worker.results();
        int started = 0;
        for (TaskFrame task : batch) {
            started += corpse.state(task.dispatch()) == ClaimState.STARTED ? 1 : 0;
        }
        assertThat(started - results.size()).isBetween(0, 1);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).dispatch()).isEqualTo(i + 1);
            if (!results.get(i).failed()) {
                assertThat(results.get(i).payload().size())
                        .isEqualTo(Integer.parseInt(batch[i].payload().text()));
            }
        }
    }

    @Test
    void progress_goes_through_the_ring_too() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, SMALL_RING)) {
            worker.send(worker.offer("progress", Payload.EMPTY));
            await().until(() -> worker.page().written() > 0);

            worker.killAndRecover();

            assertThat(worker.frames()).containsExactly(new WorkerProgressFrame(1, 0.25, "a quarter"));
        }
    }

    @Test
    void results_larger_than_the_ring_come_whole_and_small_ones_after_them() throws Exception {
        byte[] bytes = new byte[8 << 20];
        new Random(1).nextBytes(bytes);
        try (RecordedWorker worker = RecordedWorker.boot(directory, SMALL_RING)) {
            worker.send(worker.offer("echo", Payload.of(bytes)), worker.offer("echo", Payload.of("small")));

            List<WorkerResultFrame> results = worker.receiveResults(2);

            assertThat(results.get(0).payload().bytes()).isEqualTo(bytes);
            assertThat(results.get(1).payload().text()).isEqualTo("small");
            assertThat(worker.page().parsed()).isEqualTo(worker.page().written());
        }
    }

    /** Each cancel races with the end of its task; a stray one would cut the socket or show in the task behind it. */
    @Test
    void cancels_racing_with_completions_hit_no_other_task_and_no_socket() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, SMALL_RING)) {
            for (int i = 0; i < 3_000; i++) {
                TaskFrame target = worker.offer("is-interrupted", Payload.EMPTY);
                worker.send(target, worker.offer("is-interrupted", Payload.EMPTY));
                worker.supervisor().control().send(new CancelFrame(target.dispatch()));
                while (worker.page().consumed(worker.sent()) < worker.sent()
                        || worker.page().parsed() < worker.page().written()) {
                    worker.receive();
                }
            }
            List<WorkerResultFrame> results = worker.receiveResults(6_000);
            for (int i = 1; i < results.size(); i += 2) {
                assertThat(results.get(i).payload().text()).isEqualTo("calm");
            }
        }
    }

    @Test
    void a_task_that_was_not_offered_ends_the_worker_with_a_reason() throws Exception {
        try (RecordedWorker worker = RecordedWorker.boot(directory, SMALL_RING)) {
            worker.send(FakeSupervisor.task(9, "echo", Payload.EMPTY));

            assertThat(worker.supervisor().exitCode()).isEqualTo(ExitCode.BROKEN);
            assertThat(worker.supervisor().stderr()).contains("dispatch 9 is not offered");
        }
    }

    @Test
    void a_page_that_is_not_there_is_a_failed_boot_with_a_reason() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory)
                .with("recorder", directory.resolve("none").toString())) {
            supervisor.launch();
            assertThat(supervisor.acceptBoth().recorder()).isFalse();
            supervisor.data().send(new WelcomeFrame(Wire.PROTOCOL_VERSION, FakeSupervisor.PAYLOAD_BYTES_MAX));

            assertThat(((BootFailedFrame) supervisor.data().read()).reason())
                    .contains("cannot map the flight recorder")
                    .contains("none");
            assertThat(supervisor.exitCode()).isEqualTo(ExitCode.BOOT_FAILED);
        }
    }
}
