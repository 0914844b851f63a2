package org.procpool.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.procpool.task.Sizes;

/**
 * Tasks of several kinds in one load, each with a share. Which kind a task is follows from its correlation alone, so
 * that its result can be checked without a record.
 *
 * @param kinds empty = one kind only, which the options name
 */
public record Mixture(List<Kind> kinds) {

    /** All tasks alike. */
    public static final Mixture NONE = new Mixture(List.of());

    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
    private static final int SPREAD_SHIFT = 40;

    /** Copies the list. */
    public Mixture {
        kinds = List.copyOf(kinds);
    }

    /**
     * One kind.
     *
     * @param payload what echo and reverse take: so many letters; any other task: this text
     * @param weight share among all weights, from 1
     */
    public record Kind(String task, String payload, int weight) {

        private boolean isSized() {
            return task.equals("echo") || task.equals("reverse");
        }

        Workload workload() {
            return isSized()
                    ? new Workload(task, Workload.letters((int) Sizes.parseBytes(payload)), true)
                    : new Workload(task, payload.getBytes(StandardCharsets.UTF_8), false);
        }

        @Override
        public String toString() {
            return task + ":" + payload + "*" + weight;
        }
    }

    /**
     * Reads {@code echo:100*90,echo:64k*9,sleep:20ms*1}.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public static Mixture parse(String text) {
        List<Kind> kinds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            int star = part.lastIndexOf('*');
            if (colon < 1 || star < colon || !part.substring(star + 1).matches("[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException("'" + part
                        + "' is not a part of a mixture; write TASK:PAYLOAD*WEIGHT, for example echo:100*90");
            }
            Kind kind = new Kind(
                    part.substring(0, colon).strip(),
                    part.substring(colon + 1, star),
                    Integer.parseInt(part.substring(star + 1)));
            if (kind.isSized()) {
                Sizes.parseBytes(kind.payload());
            }
            kinds.add(kind);
        }
        return new Mixture(kinds);
    }

    /** One entry a unit of weight: whose turn a task is, is a look into this list. */
    int[] turns() {
        int total = kinds.stream().mapToInt(Kind::weight).sum();
        int[] turns = new int[total];
        int at = 0;
        for (int kind = 0; kind < kinds.size(); kind++) {
            for (int i = 0; i < kinds.get(kind).weight(); i++) {
                turns[at++] = kind;
            }
        }
        return turns;
    }

    /** The turn of a task among so many. */
    static int turn(long correlation, int turns) {
        return (int) ((correlation * SPREAD >>> SPREAD_SHIFT) % turns);
    }

    @Override
    public String toString() {
        return String.join(",", kinds.stream().map(Kind::toString).toList());
    }
}
