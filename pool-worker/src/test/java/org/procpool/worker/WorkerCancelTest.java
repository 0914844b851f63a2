package org.procpool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.procpool.worker.FakeSupervisor.task;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.procpool.proto.CancelFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.PingFrame;
import org.procpool.proto.WorkerResultFrame;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WorkerCancelTest {

    private final Path directory;

    WorkerCancelTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void a_cancel_interrupts_the_running_handler() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.data().send(task(1, "progress", Payload.EMPTY));
            supervisor.data().read();

            supervisor.control().send(new CancelFrame(1));

            assertThat(supervisor.data().readResult().errorType()).isEqualTo("java.lang.InterruptedException");
            assertThat(supervisor
                            .run(2, "is-interrupted", Payload.EMPTY)
                            .payload()
                            .text())
                    .isEqualTo("calm");
        }
    }

    @Test
    void a_cancel_that_overtakes_its_task_keeps_the_handler_from_starting() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.control().send(new CancelFrame(1), new PingFrame(1));
            supervisor.control().read();

            WorkerResultFrame result = supervisor.run(1, "wait", Payload.EMPTY);

            assertThat(result.errorType()).isEqualTo(CancellationException.class.getName());
            assertThat(supervisor.run(2, "echo", Payload.EMPTY).failed()).isFalse();
        }
    }

    @Test
    void a_cancel_of_a_finished_task_does_nothing() throws Exception {
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            supervisor.run(1, "echo", Payload.EMPTY);
            supervisor.control().send(new CancelFrame(1), new PingFrame(1));
            supervisor.control().read();

            assertThat(supervisor
                            .run(2, "is-interrupted", Payload.EMPTY)
                            .payload()
                            .text())
                    .isEqualTo("calm");
        }
    }

    /**
     * Each cancel is sent at a random moment around the end of its task; the task right behind it would notice a stray
     * interrupt at once. How many come before, inside and after depends on what else the machine does, so it goes on
     * until both sides of the end have been seen often enough for the race to have been run.
     */
    @Test
    void ten_thousand_cancels_racing_with_completions_hit_no_other_task_and_no_socket() throws Exception {
        Random random = new Random(1);
        int inside = 0;
        int late = 0;
        try (FakeSupervisor supervisor = new FakeSupervisor(directory).boot()) {
            for (int i = 0; i < 10_000 || Math.min(inside, late) < 500; i++) {
                long target = 2L * i + 1;
                Payload micros = Payload.of(String.valueOf(random.nextInt(200)));
                supervisor
                        .data()
                        .send(
                                task(target, "is-interrupted", micros),
                                task(target + 1, "is-interrupted", Payload.EMPTY));
                spin(random.nextInt(250));
                supervisor.control().send(new CancelFrame(target));

                WorkerResultFrame first = supervisor.data().readResult();
                WorkerResultFrame second = supervisor.data().readResult();

                assertThat(first.dispatch()).isEqualTo(target);
                assertThat(second.dispatch()).isEqualTo(target + 1);
                assertThat(second.payload().text()).isEqualTo("calm");
                boolean cancelled = first.payload().text().equals("cancelled");
                inside += cancelled ? 1 : 0;
                late += first.failed() || cancelled ? 0 : 1;
            }
        }
    }

    private static void spin(int micros) {
        long end = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
