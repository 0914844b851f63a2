package org.procpool.conductor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what a mistyped name was probably meant to be. */
final class NearestNames {

    private static final int NAMES_MAX = 3;
    private static final int LENGTH_MAX = 64;

    private NearestNames() {}

    /** Up to three of the candidates that differ from the name in at most a third of its characters, nearest first. */
    static List<String> of(String name, Collection<String> candidates) {
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
        return near.stream().limit(NAMES_MAX).map(Candidate::name).toList();
    }

    /** Levenshtein's: insertions, deletions and replacements. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
