package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrefetchTest {

    @ParameterizedTest
    @CsvSource({"1, 512", "10, 201", "100, 21", "1000, 3", "3000, 1", "1000000, 1"})
    void depth_follows_the_run_time(long runMicros, int depth) {
        Prefetch prefetch = new Prefetch(512);
        for (int i = 0; i < 200; i++) {
            prefetch.ran(runMicros * 1_000);
        }

        assertThat(prefetch.depth()).isBetween(depth * 9 / 10, depth);
    }

    @Test
    void a_task_of_hours_is_forgotten_after_some_short_ones() {
        Prefetch prefetch = new Prefetch(512);
        prefetch.ran(Long.MAX_VALUE);
        for (int i = 0; i < 60; i++) {
            prefetch.ran(10_000);
        }

        assertThat(prefetch.depth()).isGreaterThan(50);
    }

    @Test
    void depth_stays_within_its_bounds_whatever_a_worker_says() {
        Prefetch prefetch = new Prefetch(3);
        for (int i = 0; i < 100; i++) {
            prefetch.ran(Long.MIN_VALUE);
        }

        assertThat(prefetch.depth()).isEqualTo(3);
        assertThat(new Prefetch(1).depth()).isEqualTo(1);
    }
}
