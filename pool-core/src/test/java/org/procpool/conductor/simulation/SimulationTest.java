package org.procpool.conductor.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.RejectReason;

/** The conductor in a world where everything goes wrong. A failure names its seed, which shows it again. */
final class SimulationTest {

    /** Fewer for mutation testing, where each mutant gets a run of its own. */
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 6_000);

    private static final int TASKS = Integer.getInteger("simulation.tasks", 300);
    private static final int SEEDS_FOR_COVERAGE = 1_000;

    /** {@link RejectReason#INVALID} is said by those who read frames. */
    private static final Set<RejectReason> REASONS = EnumSet.complementOf(EnumSet.of(RejectReason.INVALID));

    /** REJECTED is counted by its reasons, UNKNOWN is said by clients. */
    private static final Set<OutcomeKind> OUTCOMES =
            EnumSet.complementOf(EnumSet.of(OutcomeKind.REJECTED, OutcomeKind.UNKNOWN));

    private static final Stage[][] MOVES = {
        {Stage.NEW, Stage.ACCEPTING},
        {Stage.NEW, Stage.QUEUED},
        {Stage.NEW, Stage.REJECTED},
        {Stage.ACCEPTING, Stage.QUEUED},
        {Stage.ACCEPTING, Stage.REJECTED},
        {Stage.QUEUED, Stage.RUNNING},
        {Stage.QUEUED, Stage.SETTLING},
        {Stage.QUEUED, Stage.SETTLED},
        {Stage.RUNNING, Stage.QUEUED},
        {Stage.RUNNING, Stage.WAITING},
        {Stage.RUNNING, Stage.SETTLING},
        {Stage.RUNNING, Stage.SETTLED},
        {Stage.WAITING, Stage.QUEUED},
        {Stage.WAITING, Stage.SETTLING},
        {Stage.WAITING, Stage.SETTLED},
        {Stage.SETTLING, Stage.SETTLED},
    };

    @Test
    void every_rule_holds_when_everything_goes_wrong() {
        Tally tally = Campaign.run(1, SEEDS, TASKS);
        System.out.print(tally.table());
        if (SEEDS >= SEEDS_FOR_COVERAGE) {
            checkReached(tally);
        }
    }

    private static void checkReached(Tally tally) {
        assertThat(tally.accepted).as("accepted tasks").isGreaterThanOrEqualTo(100L * SEEDS);
        for (Step step : Step.values()) {
            assertThat(tally.steps[step.ordinal()]).as("%s", step).isPositive();
        }
        for (Incident incident : Incident.values()) {
            assertThat(tally.incidents[incident.ordinal()]).as("%s", incident).isPositive();
        }
        for (RejectReason reason : REASONS) {
            assertThat(tally.rejections[reason.ordinal()]).as("%s", reason).isPositive();
        }
        for (OutcomeKind kind : OUTCOMES) {
            assertThat(tally.outcomes[kind.ordinal()]).as("%s", kind).isPositive();
        }
        for (Departure why : Departure.values()) {
            assertThat(tally.departures[why.ordinal()]).as("%s", why).isPositive();
        }
        for (Stage[] move : MOVES) {
            assertThat(tally.moves[move[0].ordinal()][move[1].ordinal()])
                    .as("%s to %s", move[0], move[1])
                    .isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {2_505, 2_510, 2_551, 5_018, 5_019, 5_257})
    void a_seed_that_once_found_a_bug_finds_it_no_more(long seed) {
        assertThat(Simulation.runSteady(seed, 300).inputs()).isPositive();
    }

    @Test
    void the_same_seed_takes_the_same_steps() {
        for (long seed = 1; seed <= 5; seed++) {
            Simulation.Report first = Simulation.run(seed, 500);
            Simulation.Report second = Simulation.run(seed, 500);
            assertThat(second.traceHash()).isEqualTo(first.traceHash());
            assertThat(second.inputs()).isEqualTo(first.inputs());
        }
        assertThat(Simulation.run(1, 500).traceHash())
                .isNotEqualTo(Simulation.run(2, 500).traceHash());
    }
}
