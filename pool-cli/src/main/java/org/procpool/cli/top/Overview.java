package org.procpool.cli.top;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/** Throughput, times, queue, workers and the last deaths, on as much screen as there is. */
final class Overview {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final int LABEL = 10;
    private static final int RATE_COLUMNS = 16;
    private static final int BAR_COLUMNS = 20;
    /** On a screen of fewer lines the graph is one line high. */
    private static final int ROOM_FOR_GRAPH = 18;

    private static final int DEATHS_MIN = 3;

    private final Palette palette;
    private final ZoneId zone;
    private final Watched watched;
    private final TopState state;
    private final int width;

    Overview(Palette palette, ZoneId zone, Watched watched, TopState state, int width) {
        this.palette = palette;
        this.zone = zone;
        this.watched = watched;
        this.state = state;
        this.width = width;
    }

    List<AttributedString> lines(int room) {
        Pulse pulse = watched.last();
        List<AttributedString> lines = new ArrayList<>();
        if (pulse == null) {
            return lines;
        }
        graph(pulse, room >= ROOM_FOR_GRAPH ? 3 : 1, lines);
        lines.add(times("run time", pulse.now().running(), ends(pulse)));
        lines.add(times("waiting", pulse.now().waiting(), losses(pulse)));
        lines.add(queue(pulse));
        if (!pulse.stuck().isEmpty()) {
            lines.add(line().add(" STUCK  " + pulse.stuck(), palette.bad()).cut());
        }
        if (!pulse.reason().isEmpty()) {
            lines.add(line().add(" DEGRADED  " + pulse.reason(), palette.warning())
                    .cut());
        }
        if (room >= ROOM_FOR_GRAPH) {
            lines.add(AttributedString.EMPTY);
        }
        int deaths = Math.min(watched.deaths().size(), DEATHS_MIN);
        int rest = room - lines.size();
        int workers =
                Math.min(pulse.workers().size(), Math.max(1, rest - 1 - (rest > 6 ? 2 + Math.max(1, deaths) : 0)));
        workerRows(pulse, workers, lines);
        deathRows(room - lines.size(), lines);
        return lines;
    }

    private Line line() {
        return new Line(palette, width);
    }

    private void graph(Pulse pulse, int rows, List<AttributedString> lines) {
        List<Double> rates =
                watched.seconds().stream().map(Pulse.Second::succeeded).toList();
        double peak = rates.stream().mapToDouble(rate -> rate).max().orElse(0);
        int columns = Math.max(1, width - RATE_COLUMNS - 2);
        List<String> bars = Sparkline.lines(rates, palette.levels(), columns, rows);
        String[] labels = {
            Figures.rate(pulse.now().succeeded()) + "/s", "tasks succeeded", "peak " + Figures.rate(peak) + "/s"
        };
        for (int row = 0; row < rows; row++) {
            lines.add(line().add(" ")
                    .add(Figures.padRight(labels[row], RATE_COLUMNS), row == 0 ? palette.strong() : palette.faint())
                    .add(bars.get(row), palette.good())
                    .cut());
        }
    }

    private AttributedString times(String label, Pulse.@Nullable Quantiles quantiles, Line more) {
        Line line = line().add(" " + Figures.padRight(label, LABEL), palette.faint());
        quantile(line, "p50", quantiles == null ? null : quantiles.p50());
        quantile(line, "p90", quantiles == null ? null : quantiles.p90());
        quantile(line, "p99", quantiles == null ? null : quantiles.p99());
        return line.addIfFits(more).cut();
    }

    private void quantile(Line line, String name, @Nullable Double micros) {
        line.addIfFits(line().add(name + " ", palette.faint())
                .add(Figures.padRight(Figures.micros(micros), 8), micros == null ? palette.faint() : palette.accent()));
    }

    private Line ends(Pulse pulse) {
        Line line = line().add("  ");
        number(line, "done", Figures.count(pulse.totals().succeeded()), false);
        number(
                line,
                "failed",
                Figures.count(pulse.totals().failed()),
                pulse.totals().failed() > 0);
        return line;
    }

    private Line losses(Pulse pulse) {
        Line line = line().add("  ");
        number(
                line,
                "lost",
                Figures.count(pulse.totals().workerLost()),
                pulse.totals().workerLost() > 0);
        long late = pulse.totals().timedOut() + pulse.totals().expired();
        number(line, "late", Figures.count(late), late > 0);
        return line;
    }

    private void number(Line line, String label, String number, boolean bad) {
        line.add(Figures.padRight(label, 7), palette.faint())
                .add(Figures.padRight(number, 8), bad ? palette.bad() : palette.plain());
    }

    private AttributedString queue(Pulse pulse) {
        Pulse.Queue queue = pulse.queue();
        double share = queue.limit() == 0 ? 0 : Math.min(1, (double) queue.depth() / queue.limit());
        int full = (int) Math.ceil(share * BAR_COLUMNS);
        Line bar = line().add(" ")
                .add(palette.full().repeat(full), share > 0.8 ? palette.bad() : palette.good())
                .add(palette.empty().repeat(BAR_COLUMNS - full), palette.faint());
        String depth = Figures.count(queue.depth()) + " of " + Figures.count(queue.limit());
        Line more = line();
        if (queue.depth() > 0) {
            more.add("  " + Figures.bytes(queue.bytes()) + ", oldest " + Figures.millis(queue.oldestMillis()));
        }
        if (pulse.totals().rejected() > 0) {
            more.add("  rejected " + Figures.count(pulse.totals().rejected()), palette.warning());
        }
        return line().add(" " + Figures.padRight("queue", LABEL), palette.faint())
                .add(depth)
                .addIfFits(bar)
                .addIfFits(more)
                .cut();
    }

    private void workerRows(Pulse pulse, int rows, List<AttributedString> lines) {
        WorkerTable table = new WorkerTable(palette, width, watched);
        List<Pulse.Worker> sorted = state.sort.sort(pulse.workers(), watched, state.reversed);
        lines.add(table.heading(state.sort, state.reversed));
        boolean more = sorted.size() > rows && rows > 1;
        int shown = more ? rows - 1 : rows;
        int selected = Math.max(0, state.indexOf(sorted));
        // So that the selected one is among those that are shown.
        int first = Math.max(0, Math.min(selected - shown / 2, sorted.size() - shown));
        for (Pulse.Worker worker : sorted.subList(first, Math.min(sorted.size(), first + shown))) {
            lines.add(table.row(worker, worker.slot() == state.selected));
        }
        if (more) {
            String all = " " + palette.ellipsis() + " " + sorted.size() + " workers in all, go on with ";
            lines.add(line().add(all + palette.arrows(), palette.faint()).cut());
        }
    }

    private void deathRows(int room, List<AttributedString> lines) {
        if (room < 3) {
            return;
        }
        lines.add(AttributedString.EMPTY);
        lines.add(line().add(" LAST DEATHS", palette.faint()).cut());
        List<Pulse.Death> deaths = watched.deaths();
        if (deaths.isEmpty()) {
            lines.add(line().add(" none", palette.faint()).cut());
        }
        for (Pulse.Death death : deaths.subList(0, Math.min(deaths.size(), room - 2))) {
            lines.add(line().add(" " + TIME.format(death.at().atZone(zone)) + "  ", palette.faint())
                    .add(Figures.padRight(death.name(), 7))
                    .add(Figures.padRight(death.reason(), 14), death.planned() ? palette.faint() : palette.bad())
                    .add(death.detail())
                    .cut());
        }
    }
}
