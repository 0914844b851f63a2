package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {

    @Test
    void task_is_found_once() {
        InFlight inFlight = new InFlight(2);
        long first = inFlight.add(100);
        long second = inFlight.add(200);

        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(2);
        assertThat(inFlight.size()).isEqualTo(2);
        assertThat(inFlight.remove(second)).isEqualTo(200);
        assertThat(inFlight.remove(second)).isEqualTo(InFlight.UNKNOWN);
        assertThat(inFlight.remove(0)).isEqualTo(InFlight.UNKNOWN);
        assertThat(inFlight.remove(77)).isEqualTo(InFlight.UNKNOWN);
        assertThat(inFlight.size()).isEqualTo(1);
    }

    @Test
    void task_that_takes_long_is_kept_when_thousands_pass_it_by() {
        InFlight inFlight = new InFlight(2);
        long slow = inFlight.add(42);

        for (int i = 0; i < 10_000; i++) {
            long quick = inFlight.add(i);
            assertThat(inFlight.remove(quick)).isEqualTo(i);
        }

        assertThat(inFlight.remove(slow)).isEqualTo(42);
        assertThat(inFlight.size()).isZero();
    }
}
