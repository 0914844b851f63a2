package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procpool.conductor.Worker.Phase;

final class RollingTest {

    private final WorkerTable table = new WorkerTable(Samples.options(2));
    private final Rolling rolling = new Rolling();

    @Test
    void only_the_scout_is_of_the_new_release_until_it_is_ready() {
        assertThat(rolling.request(2)).isTrue();
        assertThat(rolling.requested()).isTrue();
        rolling.tries(table.at(1));
        assertThat(rolling.releaseFor(table.at(1))).isEqualTo(2);
        assertThat(rolling.releaseFor(table.at(2))).isEqualTo(1);
        rolling.proven();
        assertThat(rolling.releaseFor(table.at(2))).isEqualTo(2);
    }

    @Test
    void release_that_fails_leaves_all_as_it_was_and_the_next_may_try() {
        rolling.request(2);
        rolling.tries(table.at(1));
        rolling.failed();
        assertThat(rolling.underWay()).isFalse();
        assertThat(rolling.releaseFor(table.at(1))).isEqualTo(1);
        assertThat(rolling.request(3)).isTrue();
    }

    @Test
    void second_roll_is_refused_until_the_last_old_worker_is_gone() {
        table.at(1).release = 1;
        table.at(1).phase = Phase.RETIRING;
        table.at(2).release = 2;
        table.at(2).phase = Phase.READY;
        rolling.request(2);
        rolling.tries(table.at(2));
        rolling.proven();
        assertThat(rolling.completed(table)).isFalse();
        assertThat(rolling.request(3)).isFalse();
        table.at(1).phase = Phase.ABSENT;
        assertThat(rolling.completed(table)).isTrue();
        assertThat(rolling.completed(table)).as("said once").isFalse();
        assertThat(rolling.request(3)).isTrue();
    }
}
