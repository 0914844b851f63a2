package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {

    private static final long MILLI = 1_000_000;

    @Test
    void the_first_try_is_at_once() {
        assertThat(new Backoff(new SplittableRandom(1)).delayNanos(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "9, 25600", "10, 30000", "17, 30000", "1000, 30000"})
    void later_tries_wait_twice_as_long_within_a_fifth(int repeats, long nominalMillis) {
        Backoff backoff = new Backoff(new SplittableRandom(2));
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            long delay = backoff.delayNanos(repeats);
            least = Math.min(least, delay);
            most = Math.max(most, delay);
        }

        assertThat(least).isBetween(nominalMillis * MILLI * 80 / 100, nominalMillis * MILLI * 81 / 100);
        assertThat(most).isBetween(nominalMillis * MILLI * 119 / 100, nominalMillis * MILLI * 120 / 100);
    }

    @ParameterizedTest
    @CsvSource({
        "999, 0, 0, false",
        "1000, 0, 0, true",
        "0, 9, 0, false",
        "0, 10, 0, true",
        "1000, 0, 1, true",
        "1999, 0, 2, false",
        "2000, 0, 2, true",
        "299999, 0, 20, false",
        "300000, 0, 20, true"
    })
    void a_worker_has_proven_itself_by_time_or_by_results(long millis, long results, int repeats, boolean proven) {
        assertThat(Backoff.proven(millis * MILLI, results, repeats)).isEqualTo(proven);
    }
}
