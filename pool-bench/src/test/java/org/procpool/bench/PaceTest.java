package org.procpool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void connections_take_turns_and_each_knows_its_own_times() {
        Pace pace = new Pace(1000, 3, 5_000);

        assertThat(pace.due(0)).isEqualTo(5_000);
        assertThat(pace.due(2, 1)).isEqualTo(pace.due(5)).isEqualTo(5_005_000);
    }

    @Test
    void as_many_are_due_as_there_are_due_times_that_have_come() {
        Pace pace = new Pace(1000, 3, 0);

        for (int connection = 0; connection < 3; connection++) {
            for (long number = 0; number < 20; number++) {
                long due = pace.due(connection, number);
                assertThat(pace.dueCount(connection, due - 1)).isEqualTo(number);
                assertThat(pace.dueCount(connection, due + 1)).isEqualTo(number + 1);
            }
        }
    }

    @Test
    void mixture_keeps_its_shares() {
        Mixture mixture = Mixture.parse("echo:100*90,echo:64k*9,sleep:20ms*1");
        int[] turns = mixture.turns();
        int[] counts = new int[3];
        for (long correlation = 1; correlation <= 100_000; correlation++) {
            counts[turns[Mixture.turn(correlation, turns.length)]]++;
        }

        assertThat(counts[0]).isBetween(88_000, 92_000);
        assertThat(counts[1]).isBetween(8_000, 10_000);
        assertThat(counts[2]).isBetween(500, 1_500);
        assertThat(mixture).hasToString("echo:100*90,echo:64k*9,sleep:20ms*1");
    }

    @Test
    void mixture_that_makes_no_sense_is_refused_with_an_example() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mixture.parse("echo:100"))
                .withMessage("'echo:100' is not a part of a mixture; write TASK:PAYLOAD*WEIGHT, for example"
                        + " echo:100*90");
        assertThatIllegalArgumentException().isThrownBy(() -> Mixture.parse("echo:big*1"));
    }

    @Test
    void slow_tasks_never_take_more_workers_than_they_may() {
        SlowAmongBench.Plan plan =
                new SlowAmongBench.Plan(20, Duration.ofSeconds(5), 64, Duration.ofSeconds(20), Duration.ZERO);
        long[] landings = SlowAmongBench.landings(plan, 6);

        for (int i = 6; i < landings.length; i++) {
            assertThat(landings[i] - landings[i - 6]).isGreaterThan(5_000_000_000L);
        }
    }
}
