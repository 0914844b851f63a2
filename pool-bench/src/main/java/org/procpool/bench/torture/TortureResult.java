package org.procpool.bench.torture;

import java.util.List;
import java.util.Map;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.DeathAccount;

/**
 * What came of it.
 *
 * @param outcomes how many tasks ended in which, the deadly ones included
 * @param seconds from the first task to the last outcome
 * @param verdict of the program that compared the records
 */
public record TortureResult(
        TortureOptions options, List<Death> deaths, Map<OutcomeKind, Long> outcomes, double seconds, Verdict verdict) {

    public TortureResult {
        deaths = List.copyOf(deaths);
        outcomes = Map.copyOf(outcomes);
    }

    public long tasks() {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The sum over all deaths. */
    public DeathAccount sum() {
        DeathAccount sum = DeathAccount.NOTHING;
        for (Death death : deaths) {
            DeathAccount more = death.account();
            sum = new DeathAccount(
                    sum.inFlight() + more.inFlight(),
                    sum.recovered() + more.recovered(),
                    sum.wrapped() + more.wrapped(),
                    sum.returned() + more.returned(),
                    sum.lost() + more.lost());
        }
        return sum;
    }
}
