package org.procpool.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the settings that are to blame when all of them together are refused, by leaving out one at a time. */
public final class Culprits {

    private Culprits() {}

    /**
     * What is wrong with the settings, each with its place if it can be said.
     *
     * @param refusal tries them out together; gives null if all is well
     */
    public static List<String> problems(List<Setting> settings, Function<List<Setting>, @Nullable String> refusal) {
        List<String> problems = new ArrayList<>();
        List<Setting> left = new ArrayList<>(settings);
        String why = refusal.apply(left);
        while (why != null) {
            Setting culprit = culprit(left, why, refusal);
            problems.add(culprit == null ? why : culprit.source() + ": " + why);
            if (culprit == null) {
                return problems;
            }
            left.remove(culprit);
            why = refusal.apply(left);
        }
        return problems;
    }

    private static @Nullable Setting culprit(
            List<Setting> settings, String why, Function<List<Setting>, @Nullable String> refusal) {
        // Of two that contradict each other, the later one is told of.
        for (int i = settings.size() - 1; i >= 0; i--) {
            List<Setting> others = new ArrayList<>(settings);
            others.remove(i);
            if (!Objects.equals(refusal.apply(others), why)) {
                return settings.get(i);
            }
        }
        return null;
    }
}
