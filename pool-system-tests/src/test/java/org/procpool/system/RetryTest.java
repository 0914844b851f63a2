package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.ProcessPool;
import org.procpool.client.PoolClient;
import org.procpool.client.TaskRequest;
import org.procpool.client.TaskResult;
import org.procpool.proto.OutcomeKind;
import org.procpool.proto.Payload;
import org.procpool.proto.ResultFrame;
import org.procpool.proto.Retry;
import org.procpool.proto.SubmitFrame;
import org.procpool.task.Outcome;
import org.procpool.task.TaskSpec;

/** Tasks that are tried again because their handlers failed them. */
@ExtendWith(LeakCheck.class)
class RetryTest {

    private static final Retry SOON = Retry.upTo(3).withBackoffMillis(1).withBackoffMaxMillis(4);
    private static final Retry NEVER_IN_TIME =
            Retry.upTo(3).withBackoffMillis(Duration.ofHours(1).toMillis());

    private static TaskSpec failing(int below, Retry retry) {
        return Pools.task("fail-below-attempt", below).withRetry(retry);
    }

    private static void untilFailedOnce(ProcessPool pool) {
        Eventually.until(
                "it has failed once and waits",
                () -> Pools.worker(pool, 1).failed() == 1 && pool.snapshot().queuedTasks() == 1);
    }

    @Test
    void task_that_fails_is_tried_again_until_it_succeeds_or_has_failed_often_enough() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome third = Pools.outcome(pool.submit(failing(3, SOON)));
            assertThat(third.kind()).isEqualTo(OutcomeKind.SUCCEEDED);
            assertThat(third.payload().text()).isEqualTo("3");
            assertThat(third.attempts()).isEqualTo(3);

            Outcome never = Pools.outcome(pool.submit(failing(9, SOON)));
            assertThat(never.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(never.attempts()).isEqualTo(3);
            assertThat(never.error().message()).isEqualTo("attempt 3 fails");

            Outcome once = Pools.outcome(pool.submit(failing(9, Retry.NEVER)));
            assertThat(once.attempts()).isEqualTo(1);
            // It cost no worker.
            assertThat(pool.snapshot().restarts()).isZero();
        }
    }

    @Test
    void while_it_waits_it_holds_no_worker_and_can_be_cancelled() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            CompletableFuture<Outcome> waiting = pool.submit(failing(9, NEVER_IN_TIME));
            untilFailedOnce(pool);
            assertThat(Pools.run(pool, "echo", "hi").succeeded()).isTrue();

            waiting.cancel(true);
            Eventually.until("it is gone", () -> pool.snapshot().queuedTasks() == 0);
            assertThat(pool.snapshot().totals().cancelled()).isEqualTo(1);
        }
    }

    @Test
    void it_ends_with_its_failure_if_its_time_to_live_does_not_last_until_the_next_attempt() throws Exception {
        try (ProcessPool pool = Pools.ofOne()) {
            Outcome outcome =
                    Pools.outcome(pool.submit(failing(9, NEVER_IN_TIME).withTtlNanos(TimeUnit.MINUTES.toNanos(1))));
            assertThat(outcome.kind()).isEqualTo(OutcomeKind.FAILED);
            assertThat(outcome.attempts()).isEqualTo(1);
        }
    }

    @Test
    void a_drain_waits_for_it_no_longer_than_for_others() throws Exception {
        CompletableFuture<Outcome> waiting;
        try (ProcessPool pool = Pools.start(options -> options.withWorkers(1).withDrainTimeoutNanos(1))) {
            waiting = pool.submit(failing(9, NEVER_IN_TIME));
            untilFailedOnce(pool);
        }
        Outcome outcome = Pools.outcome(waiting);
        assertThat(outcome.kind()).isEqualTo(OutcomeKind.CANCELLED);
        assertThat(outcome.attempts()).isEqualTo(1);
        assertThat(outcome.error().message()).endsWith("it was to be tried again after its handler failed");
    }

    @Test
    void over_tcp_it_is_asked_for_with_the_submission() throws Exception {
        try (TestServer server = TestServer.start();
                PoolClient client = server.client();
                RawClient raw = server.welcomed()) {
            TaskResult result = Eventually.value(client.submit(
                    TaskRequest.of("fail-below-attempt", Payload.of("2")).withRetry(SOON)));
            assertThat(result.attempts()).isEqualTo(2);
            assertThat(result.payload().text()).isEqualTo("2");

            raw.send(new SubmitFrame(
                    1, "echo", 4, 0, 0, 1, false, "", new Retry(2, 5_000, 4_000), false, Payload.EMPTY));
            ResultFrame rejected = raw.result(1);
            assertThat(rejected.error().type()).isEqualTo("INVALID");
            assertThat(rejected.error().message())
                    .isEqualTo("retry-backoff-max of task 'echo' is below its retry-backoff");
        }
    }
}
