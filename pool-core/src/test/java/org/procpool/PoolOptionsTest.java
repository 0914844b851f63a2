package org.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.procpool.cgroup.GroupOptions;
import org.procpool.conductor.Elasticity;
import org.procpool.conductor.WorkerLimits;
import org.procpool.recorder.RecorderOptions;

class PoolOptionsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static void assertRefused(String sentence, UnaryOperator<PoolOptions> change) {
        assertThatThrownBy(() -> Contradictions.check(change.apply(PoolOptions.defaults())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .message()
                .doesNotContain("\n");
    }

    private static void assertTaken(UnaryOperator<PoolOptions> change) {
        assertThatCode(() -> Contradictions.check(change.apply(PoolOptions.defaults())))
                .doesNotThrowAnyException();
    }

    @Test
    void defaults_go_together() {
        assertTaken(options -> options);
    }

    @Test
    void numbers_out_of_range_are_refused_with_name_value_and_bound() {
        assertRefused("spares is -1, allowed is 0..1024", options -> options.withSpares(-1));
        assertRefused("spares is 1025, allowed is 0..1024", options -> options.withSpares(1025));
        assertRefused("prefetch is 0, allowed is 1 and up", options -> options.withPrefetchMax(0));
        assertRefused("max-restarts is 0, allowed is 1 and up", options -> options.withRestartsMax(0));
        assertRefused("autopsies is -1, allowed is 0..10000", options -> options.withAutopsiesMax(-1));
        assertTaken(options -> options.withSpares(0).withAutopsiesMax(0).withPrefetchMax(1));
    }

    @Test
    void times_out_of_range_are_refused_with_name_value_and_bound() {
        assertRefused("patience is -", options -> options.withPatienceNanos(-1_000));
        assertRefused(
                "hang-timeout is 500ms, it must be at least 1s, or 0s for never",
                options -> options.withHangTimeoutNanos(SECOND / 2));
        assertRefused("write-timeout is 0us, it must be at least 1ms", options -> options.withWriteTimeoutNanos(0));
        assertRefused(
                "restart-window is 100ms, it must be at least 1s",
                options -> options.withRestartWindowNanos(SECOND / 10));
        assertTaken(options -> options.withHangTimeoutNanos(0).withPatienceNanos(0));
    }

    @Test
    void more_places_than_there_may_be_workers_are_refused_naming_both() {
        assertRefused(
                "workers is 1024 and spares is 1, together they may be 1024", options -> options.withWorkers(1024));
        assertTaken(options -> options.withWorkers(1024).withSpares(0));
    }

    @Test
    void grace_longer_than_the_run_limit_is_refused_naming_both() {
        assertRefused(
                "grace is 2s, longer than the run-timeout of 1s",
                options -> options.withRunTimeoutNanos(SECOND).withGraceNanos(2 * SECOND));
        assertTaken(options -> options.withRunTimeoutNanos(SECOND).withGraceNanos(SECOND));
        assertTaken(options -> options.withGraceNanos(60 * SECOND));
    }

    @Test
    void grace_that_is_still_the_default_comes_down_with_the_run_limit() {
        PoolOptions defaults = PoolOptions.defaults();
        assertThat(defaults.withRunTimeoutNanos(SECOND).graceNanos()).isEqualTo(SECOND);
        assertThat(defaults.withRunTimeoutNanos(30 * SECOND).graceNanos()).isEqualTo(2 * SECOND);
        assertThat(defaults.withRunTimeoutNanos(0).graceNanos()).isEqualTo(2 * SECOND);
        assertThat(defaults.withGraceNanos(5 * SECOND)
                        .withRunTimeoutNanos(SECOND)
                        .graceNanos())
                .isEqualTo(5 * SECOND);
    }

    @Test
    void more_prefetch_than_half_the_claims_is_refused_naming_both() {
        assertRefused(
                "prefetch is 513, with 1024 recorder-claims it may be 512", options -> options.withPrefetchMax(513));
        RecorderOptions small = new RecorderOptions(64, 4096);
        assertRefused(
                "prefetch is 512, with 64 recorder-claims it may be 32", options -> options.withRecorderOptions(small));
        assertTaken(options -> options.withRecorderOptions(small).withPrefetchMax(32));
        assertTaken(options -> options.withRecorderOptions(small).withRecorder(false));
    }

    @Test
    void patience_longer_than_the_hang_time_out_is_refused_naming_both() {
        assertRefused(
                "patience is 20s, longer than the hang-timeout of 10s",
                options -> options.withPatienceNanos(20 * SECOND));
        assertTaken(options -> options.withPatienceNanos(20 * SECOND).withHangTimeoutNanos(0));
    }

    @Test
    void bounds_of_an_elastic_pool_that_contradict_each_other_are_refused_naming_both() {
        assertRefused(
                "min-workers is 5, more than the max-workers of 3; lower one or raise the other",
                options ->
                        options.withElasticity(Elasticity.NONE.withWorkersMin(5).withWorkersMax(3)));
        assertRefused(
                "workers is 2, fewer than the min-workers of 3; raise workers or lower min-workers",
                options -> options.withWorkers(2).withElasticity(Elasticity.NONE.withWorkersMin(3)));
        assertRefused(
                "workers is 9, more than the max-workers of 8; lower workers or raise max-workers",
                options -> options.withWorkers(9).withElasticity(Elasticity.NONE.withWorkersMax(8)));
        assertRefused(
                "max-workers is 1024 and spares is 1, together they may be 1024; lower one of them",
                options -> options.withElasticity(Elasticity.NONE.withWorkersMax(1024)));
        assertRefused(
                "worker-idle-timeout is 999ms, it must be at least 1s",
                options -> options.withElasticity(Elasticity.NONE.withIdleNanos(999_000_000)));
        assertRefused(
                "max-workers is 1025, allowed is 1..1024",
                options -> options.withElasticity(Elasticity.NONE.withWorkersMax(1025)));
        assertTaken(options -> options.withWorkers(4).withElasticity(new Elasticity(4, 4, SECOND)));
        assertTaken(options -> options.withWorkers(4).withElasticity(new Elasticity(1, 0, SECOND)));
    }

    @Test
    void numbers_that_are_asked_for_later_stay_within_the_bounds() {
        Elasticity bounds = new Elasticity(2, 8, SECOND);
        bounds.checkScale(2, 4, 1);
        bounds.checkScale(8, 4, 1);
        assertThatThrownBy(() -> bounds.checkScale(9, 4, 1))
                .hasMessage("workers would be 9, allowed is 2..8, as min-workers and max-workers say");
        assertThatThrownBy(() -> bounds.withWorkersMin(0).checkScale(3, 4, 1)).hasMessageContaining("allowed is 4..8");
        Elasticity.NONE.checkScale(1023, 4, 1);
        assertThatThrownBy(() -> Elasticity.NONE.checkScale(1024, 4, 1))
                .hasMessage("workers would be 1024, allowed is 1..1023 beside the spares, which are 1");
    }

    private static PoolOptions bounded(PoolOptions options, long mebibytes) {
        return options.withPrograms(options.programs().withGroups(GroupOptions.memory(mebibytes << 20)));
    }

    @Test
    void soft_memory_limit_that_is_not_below_the_hard_one_is_refused_naming_both() {
        assertRefused(
                "max-worker-rss is 512m, which a worker cannot come to, since max-worker-memory is 512m; lower"
                        + " max-worker-rss or raise max-worker-memory",
                options -> bounded(options.withLimits(WorkerLimits.NONE.withResidentBytesMax(512 << 20)), 512));
        assertTaken(options -> bounded(options.withLimits(WorkerLimits.NONE.withResidentBytesMax(511 << 20)), 512));
    }

    @Test
    void memory_bound_below_what_a_java_worker_needs_is_refused_with_the_numbers() {
        assertThatThrownBy(() -> bounded(PoolOptions.defaults(), 64).check())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("max-worker-memory is 64m, and a Java worker needs 60m beside its heap, which is at least"
                        + " 32m; give it 92m or more");
        PoolOptions heap = PoolOptions.defaults();
        assertThatThrownBy(() -> bounded(heap.withPrograms(heap.programs().withWorkerHeap(512 << 20)), 512)
                        .check())
                .hasMessage("max-worker-memory is 512m, and a Java worker needs 60m beside its heap of 512m"
                        + " (worker-heap); give it 572m or more, or lower worker-heap");
        bounded(heap.withPrograms(heap.programs().withWorkerCommand(List.of("sh"))), 64)
                .check();
    }
}
