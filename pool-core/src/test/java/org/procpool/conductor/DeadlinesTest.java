package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadlinesTest {

    private static final long MILLI = 1_000_000;
    private static final long HOUR = 3_600_000 * MILLI;

    @Test
    void a_timer_is_due_in_its_millisecond_and_not_before() {
        Deadlines deadlines = new Deadlines(0);
        Probe timer = new Probe();

        deadlines.set(timer, 5 * MILLI + 1);

        assertThat(deadlines.nextNanos()).isEqualTo(6 * MILLI);
        assertThat(deadlines.poll(6 * MILLI - 1)).isNull();
        assertThat(deadlines.poll(6 * MILLI)).isSameAs(timer);
        assertThat(timer.isSet()).isFalse();
        assertThat(deadlines.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void a_deadline_in_the_past_is_due_at_once() {
        Deadlines deadlines = new Deadlines(0);
        Probe timer = new Probe();
        assertThat(deadlines.poll(100 * MILLI)).isNull();

        deadlines.set(timer, 3 * MILLI);

        assertThat(deadlines.nextNanos()).isEqualTo(100 * MILLI);
        assertThat(deadlines.poll(100 * MILLI)).isSameAs(timer);
    }

    @Test
    void a_delay_of_centuries_does_not_overflow() {
        Deadlines deadlines = new Deadlines(-5 * HOUR);
        Probe timer = new Probe();

        deadlines.setIn(timer, -HOUR, Long.MAX_VALUE);

        assertThat(deadlines.poll(1_000 * HOUR)).isNull();
        assertThat(timer.isSet()).isTrue();
        assertThat(deadlines.nextNanos()).isGreaterThan(1_000 * HOUR);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 123_456_789_012_345L, -987_654_321_098_765L})
    void does_what_a_sorted_list_does(long origin) {
        SplittableRandom random = new SplittableRandom(origin);
        for (int run = 0; run < 50; run++) {
            compare(origin, random);
        }
    }

    private static void compare(long origin, SplittableRandom random) {
        Deadlines deadlines = new Deadlines(origin);
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            probes.add(new Probe());
        }
        long now = origin;
        for (int step = 0; step < 300; step++) {
            Probe probe = probes.get(random.nextInt(probes.size()));
            if (random.nextInt(4) == 0) {
                deadlines.cancel(probe);
                probe.dueTick = Long.MAX_VALUE;
            } else {
                long ahead = random.nextLong(1L << random.nextInt(1, 55)) - (random.nextInt(8) == 0 ? MILLI : 0);
                deadlines.set(probe, now + ahead);
                probe.dueTick = -Math.floorDiv(origin - now - ahead, MILLI);
            }
            long earliest = probes.stream().mapToLong(p -> p.dueTick).min().orElseThrow();
            if (earliest == Long.MAX_VALUE) {
                assertThat(deadlines.nextNanos()).isEqualTo(Long.MAX_VALUE);
            } else {
                assertThat(deadlines.nextNanos()).isLessThanOrEqualTo(Math.max(now, origin + earliest * MILLI));
            }
            now += random.nextLong(1L << random.nextInt(1, 50));
            drain(deadlines, probes, now, Math.floorDiv(now - origin, MILLI));
        }
    }

    private static void drain(Deadlines deadlines, List<Probe> probes, long now, long nowTick) {
        for (Timer due = deadlines.poll(now); due != null; due = deadlines.poll(now)) {
            Probe probe = (Probe) due;
            assertThat(probe.dueTick).isLessThanOrEqualTo(nowTick);
            probe.dueTick = Long.MAX_VALUE;
        }
        for (Probe probe : probes) {
            assertThat(probe.dueTick).isGreaterThan(nowTick);
            assertThat(probe.isSet()).isEqualTo(probe.dueTick != Long.MAX_VALUE);
        }
    }

    /** A timer that remembers when it should fire. */
    private static final class Probe extends Timer {

        private long dueTick = Long.MAX_VALUE;

        @Override
        boolean costsAProcess() {
            return false;
        }

        @Override
        void due(Expiry expiry, long nowNanos) {}
    }
}
