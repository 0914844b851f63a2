package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RestartBudgetTest {

    @Test
    void no_window_ever_sees_more_than_allowed() {
        SplittableRandom random = new SplittableRandom(5);
        RestartBudget budget = new RestartBudget(3, 100);
        List<Long> spent = new ArrayList<>();
        for (long now = -500; now < 5_000; now += random.nextLong(20)) {
            long free = budget.freeFromNanos(now);
            long moment = now;
            long within = spent.stream().filter(time -> time > moment - 100).count();
            assertThat(free <= now).isEqualTo(within < 3);
            if (free <= now) {
                budget.spend(now);
                spent.add(now);
            }
        }
    }

    @Test
    void tells_when_the_count_has_sunk() {
        RestartBudget budget = new RestartBudget(4, 100);
        for (long now = 0; now < 4; now++) {
            budget.spend(now);
        }

        assertThat(budget.countAtMostFromNanos(3, 10)).isEqualTo(100);
        assertThat(budget.countAtMostFromNanos(2, 10)).isEqualTo(101);
        assertThat(budget.countAtMostFromNanos(0, 10)).isEqualTo(103);
        assertThat(budget.countAtMostFromNanos(4, 10)).isEqualTo(10);
    }
}
