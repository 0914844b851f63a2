package org.procpool.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnTest {

    private static final long HALF_A_MILLI = TimeUnit.MICROSECONDS.toNanos(500);

    private final Turn turn = new Turn();
    private int flushes;

    @Test
    void what_may_wait_goes_after_half_a_millisecond_while_nothing_is_known_of_answers() {
        turn.addSoon(() -> flushes++, 0);
        assertThat(turn.end(0)).isEqualTo(HALF_A_MILLI);
        turn.end(HALF_A_MILLI - 1);
        assertThat(flushes).isZero();
        assertThat(turn.end(HALF_A_MILLI)).isEqualTo(Long.MAX_VALUE);
        assertThat(flushes).isEqualTo(1);
    }

    @Test
    void what_may_wait_waits_for_most_answers() {
        answers(TimeUnit.MILLISECONDS.toNanos(20));
        turn.addSoon(() -> flushes++, 0);
        assertThat(turn.end(0)).isBetween(TimeUnit.MILLISECONDS.toNanos(39), TimeUnit.MILLISECONDS.toNanos(40));
        turn.end(TimeUnit.MILLISECONDS.toNanos(38));
        assertThat(flushes).isZero();
        turn.end(TimeUnit.MILLISECONDS.toNanos(40));
        assertThat(flushes).isEqualTo(1);
    }

    @Test
    void nobody_waits_for_answers_that_take_long() {
        answers(TimeUnit.HOURS.toNanos(1));
        turn.addSoon(() -> flushes++, 0);
        assertThat(turn.end(0)).isEqualTo(HALF_A_MILLI);
        // Which are soon forgotten.
        answers(TimeUnit.MILLISECONDS.toNanos(1));
        turn.end(HALF_A_MILLI);
        turn.addSoon(() -> flushes++, 0);
        assertThat(turn.end(0)).isBetween(TimeUnit.MILLISECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(3));
    }

    @Test
    void what_is_added_while_others_are_sent_waits_its_own_time() {
        turn.addSoon(() -> turn.addSoon(() -> flushes++, HALF_A_MILLI), 0);
        assertThat(turn.end(HALF_A_MILLI)).isEqualTo(2 * HALF_A_MILLI);
        assertThat(flushes).isZero();
        turn.end(2 * HALF_A_MILLI);
        assertThat(flushes).isEqualTo(1);
    }

    private void answers(long nanos) {
        for (int i = 0; i < 500; i++) {
            turn.answered(nanos);
        }
    }
}
