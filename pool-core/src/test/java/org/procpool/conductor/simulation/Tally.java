package org.procpool.conductor.simulation;

import java.util.Locale;
import org.procpool.proto.OutcomeKind;
import org.procpool.task.Departure;
import org.procpool.task.RejectReason;

/** How often each thing was reached, over many runs. */
final class Tally {

    final long[] steps = new long[Step.values().length];
    final long[] incidents = new long[Incident.values().length];
    final long[] rejections = new long[RejectReason.values().length];
    final long[] departures = new long[Departure.values().length];
    final long[] outcomes = new long[OutcomeKind.values().length];
    final long[][] moves = new long[Stage.COUNT][Stage.COUNT];
    long seeds;
    long accepted;
    long submitted;

    void count(Incident incident) {
        incidents[incident.ordinal()]++;
    }

    void add(Tally other) {
        add(steps, other.steps);
        add(incidents, other.incidents);
        add(rejections, other.rejections);
        add(departures, other.departures);
        add(outcomes, other.outcomes);
        for (int from = 0; from < Stage.COUNT; from++) {
            add(moves[from], other.moves[from]);
        }
        seeds += other.seeds;
        accepted += other.accepted;
        submitted += other.submitted;
    }

    private static void add(long[] to, long[] from) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /** A short table for people. */
    String table() {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(Locale.ROOT, "%d seeds, %d tasks submitted, %d accepted%n", seeds, submitted, accepted));
        row(text, "inputs and effects", Step.values(), steps);
        row(text, "incidents", Incident.values(), incidents);
        row(text, "outcomes", OutcomeKind.values(), outcomes);
        row(text, "rejections", RejectReason.values(), rejections);
        row(text, "departures", Departure.values(), departures);
        text.append("task states:");
        for (Stage from : Stage.values()) {
            for (Stage to : Stage.values()) {
                long count = moves[from.ordinal()][to.ordinal()];
                if (count > 0) {
                    text.append(' ')
                            .append(from)
                            .append('>')
                            .append(to)
                            .append('=')
                            .append(count);
                }
            }
        }
        return text.append(System.lineSeparator()).toString();
    }

    private static void row(StringBuilder text, String title, Enum<?>[] names, long[] counts) {
        text.append(title).append(':');
        for (Enum<?> name : names) {
            text.append(' ').append(name).append('=').append(counts[name.ordinal()]);
        }
        text.append(System.lineSeparator());
    }
}
