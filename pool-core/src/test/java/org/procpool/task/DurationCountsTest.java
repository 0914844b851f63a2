package org.procpool.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationCountsTest {

    private static DurationCounts of(long... nanos) {
        long[] buckets = new long[DurationCounts.ranges()];
        long sum = 0;
        for (long each : nanos) {
            buckets[DurationCounts.rangeOf(each)]++;
            sum += each;
        }
        return new DurationCounts(buckets, sum);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                Long.MIN_VALUE,
                -1,
                0,
                1,
                999,
                1_000,
                1_001,
                1_200,
                1_201,
                1_023,
                1_024,
                1_025,
                65_536,
                999_999,
                1_000_000,
                1_000_001,
                123_456_789,
                999_999_999_999L,
                1_000_000_000_000L,
                1_000_000_000_001L,
                Long.MAX_VALUE
            })
    void range_of_a_duration_is_the_first_whose_bound_is_not_below_it(long nanos) {
        int range = DurationCounts.rangeOf(nanos);
        assertThat(DurationCounts.boundNanos(range)).isGreaterThanOrEqualTo(nanos);
        if (range > 0) {
            assertThat(DurationCounts.boundNanos(range - 1)).isLessThan(nanos);
        }
    }

    @Test
    void quantile_is_right_within_the_width_of_a_range() {
        long[] nanos = new long[1_000];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (i + 1) * 10_000L;
        }
        DurationCounts counts = of(nanos);
        assertThat(counts.quantileNanos(0.5) / 5e6).isCloseTo(1, within(0.1));
        assertThat(counts.quantileNanos(0.99) / 9.9e6).isCloseTo(1, within(0.1));
        assertThat(counts.quantileNanos(1)).isEqualTo(10_000_000);
    }

    @Test
    void quantile_of_nothing_is_0() {
        assertThat(DurationCounts.none().quantileNanos(0.5)).isZero();
    }

    @Test
    void what_came_since_is_the_difference() {
        DurationCounts before = of(5_000, 70_000);
        DurationCounts more = of(9_000);
        assertThat(before.plus(more).since(before)).isEqualTo(more);
        assertThat(before.plus(more).count()).isEqualTo(3);
        assertThat(before.plus(more).sumNanos()).isEqualTo(84_000);
    }
}
