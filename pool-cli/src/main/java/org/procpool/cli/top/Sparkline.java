package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.List;

/** Numbers as a row of bars, one a column, of one or more characters' height. */
final class Sparkline {

    private Sparkline() {}

    /**
     * The lines, the highest first. What is more than nothing shows as more than nothing.
     *
     * @param values the newest last, which stands at the right; older ones than there are columns are left out
     * @param levels the characters from nothing to full
     * @param columns how wide, from 1
     * @param rows how high, from 1
     */
    static List<String> lines(List<Double> values, String levels, int columns, int rows) {
        List<Double> shown = values.subList(Math.max(0, values.size() - columns), values.size());
        double highest = shown.stream().mapToDouble(value -> value).max().orElse(0);
        int steps = levels.length() - 1;
        List<String> lines = new ArrayList<>(rows);
        for (int row = rows - 1; row >= 0; row--) {
            StringBuilder line = new StringBuilder(" ".repeat(columns - shown.size()));
            for (double value : shown) {
                long height = highest == 0 ? 0 : Math.round(value / highest * rows * steps);
                height = value > 0 ? Math.max(1, height) : height;
                line.append(levels.charAt((int) Math.min(steps, Math.max(0, height - (long) row * steps))));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
