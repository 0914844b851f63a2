package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** What the keys do and what the columns say. */
final class HelpView {

    private static final int LABEL = 16;

    private static final String[][] TEXT = {
        {"", "KEYS"},
        {"up, down", "select a worker; scroll a text (also k, j, page up, page down)"},
        {"enter", "inspect: the worker's task and memory, and how those before it ended"},
        {"r", "replace the worker, after its task and when its successor is ready"},
        {"s, S", "sort by the next column, by the one before"},
        {"o", "the other way round"},
        {"d", "the reports of all workers that are gone, the newest first"},
        {"esc, b", "back"},
        {"q, ctrl-c", "quit"},
        {"", ""},
        {"", "WHAT IT SAYS"},
        {"run time", "of the tasks that ended within the last second; half took no longer than p50"},
        {"waiting", "from the submission of those tasks to their start"},
        {"late", "tasks that ran past their limit, or expired before they started"},
        {"lost", "tasks whose worker died while it ran them"},
        {"held", "tasks handed to the worker, the running one included"},
        {"done", "tasks that ended well in this place, over all its processes"},
        {"memory", "resident, as the system counts it"},
        {"for", "how long it has been at the task that it runs now"},
    };

    private HelpView() {}

    static List<AttributedString> lines(Palette palette, TopState state, int width, int room) {
        List<AttributedString> lines = new ArrayList<>();
        for (String[] row : TEXT) {
            Line line = new Line(palette, width).add(" ");
            if (row[0].isEmpty()) {
                line.add(row[1], palette.faint());
            } else {
                line.add(Figures.padRight(row[0], LABEL), palette.strong()).add(row[1]);
            }
            lines.add(line.cut());
        }
        return new ReportsView(palette, state, width).scrolled(lines, room);
    }
}
