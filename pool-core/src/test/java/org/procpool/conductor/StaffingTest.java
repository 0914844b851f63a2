package org.procpool.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.procpool.conductor.Worker.Phase;

final class StaffingTest {

    private final WorkerTable table = new WorkerTable(Samples.options(3));
    private final Staffing staffing = new Staffing(table, 3, 0);

    private void phases(Phase... phases) {
        for (int slot = 1; slot <= phases.length; slot++) {
            table.at(slot).phase = phases[slot - 1];
        }
    }

    @Test
    void nothing_is_missing_or_too_much_when_as_many_places_are_wanted_as_there_are() {
        assertThat(staffing.vacancy()).isNull();
        assertThat(staffing.surplus(0)).isNull();
    }

    @Test
    void more_workers_take_new_places_and_then_those_that_were_given_up() {
        phases(Phase.READY, Phase.READY, Phase.READY);
        staffing.target(4);
        assertThat(staffing.vacancy()).isSameAs(table.at(4));
        assertThat(staffing.vacancy()).isNull();
        table.at(2).wanted = false;
        table.at(2).phase = Phase.DYING;
        assertThat(staffing.vacancy()).as("its process still lives").isSameAs(table.at(5));
        table.at(1).wanted = false;
        table.at(1).phase = Phase.ABSENT;
        table.at(1).repeats = 7;
        assertThat(staffing.vacancy()).isSameAs(table.at(1));
        assertThat(table.at(1).repeats).isZero();
    }

    @Test
    void the_extra_place_comes_and_goes() {
        staffing.extra(true);
        assertThat(staffing.vacancy()).isSameAs(table.at(4));
        staffing.extra(false);
        assertThat(staffing.surplus(0)).isNotNull();
    }

    @Test
    void what_is_missed_least_is_given_up_first() {
        staffing.target(1);
        phases(Phase.READY, Phase.STARTING, Phase.ABSENT);
        assertThat(staffing.surplus(1)).isSameAs(table.at(3));
        phases(Phase.READY, Phase.STARTING, Phase.DYING);
        assertThat(staffing.surplus(1)).isSameAs(table.at(3));
        phases(Phase.READY, Phase.STARTING, Phase.SPARE);
        assertThat(staffing.surplus(1)).isSameAs(table.at(2));
    }

    @Test
    void one_that_serves_is_given_up_if_more_serve_than_should() {
        staffing.target(2);
        phases(Phase.READY, Phase.READY, Phase.READY);
        table.at(3).readied(true, 0, 0);
        table.at(3).assign(Samples.task(1));
        assertThat(staffing.surplus(3)).isSameAs(table.at(2));
    }
}
