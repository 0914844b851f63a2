package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class WorkerLimitsTest {

    @Test
    void limit_out_of_range_is_refused_with_its_name_and_bound() {
        assertThatThrownBy(() -> WorkerLimits.NONE.withTasksMax(-1))
                .hasMessage("max-tasks-per-worker is -1, it must be at least 1, or 0 for no limit");
        assertThatThrownBy(() -> WorkerLimits.NONE.withAgeNanos(1_000_000))
                .hasMessage("max-worker-age is 1ms, it must be at least 1s, or 0s for no limit");
        assertThatThrownBy(() -> WorkerLimits.NONE.withResidentBytesMax(1 << 20))
                .hasMessageContaining("max-worker-rss is 1048576 bytes, it must be at least 16m");
    }
}
