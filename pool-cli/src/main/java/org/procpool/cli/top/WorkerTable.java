package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** The workers as a table with as many columns as the screen has room for. */
final class WorkerTable {

    private static final int MARGIN = 1;
    private static final int GAP = 2;
    private static final int TASK_COLUMNS_MIN = 8;

    private final Palette palette;
    private final int width;
    private final Watched watched;
    private final List<Column> columns;

    /**
     * A column, which leaves when the screen is narrow.
     *
     * @param keep the higher, the longer it stays
     * @param sort what sorts by it; null if nothing does
     */
    private record Column(
            String title,
            int width,
            boolean right,
            int keep,
            @Nullable SortBy sort,
            Function<Pulse.Worker, String> cell) {}

    WorkerTable(Palette palette, int width, Watched watched) {
        this.palette = palette;
        this.width = width;
        this.watched = watched;
        this.columns = fitting(all());
    }

    private List<Column> all() {
        return List.of(
                new Column("WORKER", 6, false, 10, SortBy.WORKER, Pulse.Worker::name),
                new Column("PID", 7, true, 3, null, worker -> worker.pid() == 0 ? "-" : Long.toString(worker.pid())),
                new Column("STATE", 8, false, 9, SortBy.STATE, Pulse.Worker::state),
                new Column("HELD", 4, true, 4, SortBy.HELD, worker -> Figures.count(worker.inFlight())),
                new Column(
                        "TASKS/S", 7, true, 8, SortBy.RATE, worker -> Figures.rate(watched.perSecond(worker.slot()))),
                new Column("DONE", 7, true, 7, SortBy.DONE, worker -> Figures.count(worker.completed())),
                new Column("FAILED", 6, true, 1, SortBy.FAILED, worker -> Figures.count(worker.failed())),
                new Column("RESTARTS", 8, true, 2, SortBy.RESTARTS, worker -> Figures.count(worker.restarts())),
                new Column("MEMORY", 6, true, 6, SortBy.MEMORY, worker -> Figures.bytes(worker.rssBytes())),
                new Column("FOR", 6, true, 5, SortBy.RUNNING, WorkerTable::runsFor));
    }

    private static String runsFor(Pulse.Worker worker) {
        return worker.task() == null ? "-" : Figures.millis(worker.runMillis());
    }

    private List<Column> fitting(List<Column> wanted) {
        List<Column> fitting = new ArrayList<>(wanted);
        while (fitting.size() > 1 && widthOf(fitting) + TASK_COLUMNS_MIN > width) {
            fitting.remove(
                    fitting.stream().min(Comparator.comparingInt(Column::keep)).orElseThrow());
        }
        return fitting;
    }

    private static int widthOf(List<Column> columns) {
        return MARGIN + columns.stream().mapToInt(column -> column.width + GAP).sum();
    }

    AttributedString heading(SortBy sort, boolean reversed) {
        Line line = new Line(palette, width).add(" ".repeat(MARGIN));
        for (Column column : columns) {
            boolean sorts = column.sort == sort;
            line.add(pad(column, column.title), sorts ? palette.heading() : palette.faint())
                    .add(sorts ? mark(reversed) : " ", palette.heading())
                    .add(" ".repeat(GAP - 1));
        }
        return line.add("RUNS NOW", palette.faint()).cut();
    }

    private String mark(boolean reversed) {
        if (palette.unicode()) {
            return reversed ? "▲" : "▼";
        }
        return reversed ? "^" : "v";
    }

    private static String pad(Column column, String text) {
        return column.right ? Figures.padLeft(text, column.width) : Figures.padRight(text, column.width);
    }

    AttributedString row(Pulse.Worker worker, boolean selected) {
        Line line = new Line(palette, width).add(" ".repeat(MARGIN));
        for (Column column : columns) {
            String text = pad(column, column.cell.apply(worker));
            line.add(text, style(column, worker)).add(" ".repeat(GAP));
        }
        String task = worker.task() == null ? "-" : worker.task();
        line.add(task, worker.task() == null ? palette.faint() : palette.accent());
        return selected ? line.whole(palette.selected()) : line.cut();
    }

    private AttributedStyle style(Column column, Pulse.Worker worker) {
        boolean failures = column.sort == SortBy.FAILED && worker.failed() > 0
                || column.sort == SortBy.RESTARTS && worker.restarts() > 0;
        if (failures) {
            return palette.warning();
        }
        return column.sort == SortBy.STATE ? palette.state(worker.state()) : palette.plain();
    }
}
