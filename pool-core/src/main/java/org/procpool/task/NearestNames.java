package org.procpool.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what a mistyped name was probably meant to be. */
public final class NearestNames {

    private static final int NAMES_MAX = 3;
    private static final int LENGTH_MAX = 64;

    private NearestNames() {}

    /** Up to three of the candidates that differ from the name in at most a third of its characters, nearest first. */
    public static List<String> of(String name, Collection<String> candidates) {
        record Candidate(String name, int distance) {}
        if (name.length() > LENGTH_MAX) {
            return List.of();
        }
        int distanceMax = Math.max(1, name.length() / 3);
        List<Candidate> near = new ArrayList<>();
        for (String candidate : candidates) {
            if (candidate.length() <= LENGTH_MAX) {
                int distance = distance(name, candidate);
                if (distance <= distanceMax) {
                    near.add(new Candidate(candidate, distance));
                }
            }
        }
        near.sort(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name));
        List<String> names = new ArrayList<>();
        for (Candidate candidate : near.subList(0, Math.min(NAMES_MAX, near.size()))) {
            names.add(candidate.name());
        }
        return names;
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbours, as in Damerau and Levenshtein's distance restricted
     * to one edit a place.
     */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(last[j - 1] + (same ? 0 : 1), 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
