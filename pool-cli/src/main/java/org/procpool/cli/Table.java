package org.procpool.cli;

import java.util.ArrayList;
import java.util.List;
import org.procpool.cli.text.OneLine;

/** Columns of text, as wide as they need to be; numbers stand to the right. Not thread-safe. */
final class Table {

    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param headings a heading that begins with {@code >} makes its column stand to the right
     */
    Table(String... headings) {
        this.headings = List.of(headings);
    }

    Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells in " + headings.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(OneLine.of(String.valueOf(cell)));
        }
        rows.add(row);
        return this;
    }

    /** The lines, headings first, without blanks at their ends. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<String> names = headings.stream().map(Table::name).toList();
        lines.add(line(names));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private static String name(String heading) {
        return heading.startsWith(">") ? heading.substring(1) : heading;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            boolean right = headings.get(column).startsWith(">");
            line.append(column == 0 ? "" : GAP).append(right ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int width = name(headings.get(column)).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }
}
