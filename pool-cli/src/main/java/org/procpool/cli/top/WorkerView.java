package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/** One worker, and the reports of those that were in its place before. */
final class WorkerView {

    private static final int LABEL = 12;

    private final Palette palette;
    private final Watched watched;
    private final TopState state;
    private final int width;

    WorkerView(Palette palette, Watched watched, TopState state, int width) {
        this.palette = palette;
        this.watched = watched;
        this.state = state;
        this.width = width;
    }

    List<AttributedString> lines(int room) {
        List<AttributedString> lines = new ArrayList<>();
        Pulse.Worker worker = worker();
        if (worker == null) {
            lines.add(line().add(" worker " + state.selected + " is no more", palette.warning())
                    .cut());
        } else {
            tell(worker, lines);
        }
        lines.add(AttributedString.EMPTY);
        lines.add(line().add(" BEFORE IT IN THIS PLACE", palette.faint()).cut());
        ReportsView reports = new ReportsView(palette, state, width);
        lines.addAll(reports.scrolled(reports.text(state.selected), room - lines.size()));
        return lines;
    }

    private Pulse.@Nullable Worker worker() {
        Pulse pulse = watched.last();
        if (pulse != null) {
            for (Pulse.Worker worker : pulse.workers()) {
                if (worker.slot() == state.selected) {
                    return worker;
                }
            }
        }
        return null;
    }

    private void tell(Pulse.Worker worker, List<AttributedString> lines) {
        lines.add(line().add(" worker " + worker.name() + "  ", palette.strong())
                .add(worker.state(), palette.state(worker.state()))
                .cut());
        fact("process", worker.pid() == 0 ? "none" : "pid " + worker.pid() + booted(worker), lines);
        fact("resident", Figures.bytes(worker.rssBytes()), lines);
        fact("runs now", task(worker), lines);
        fact("in flight", Figures.count(worker.inFlight()), lines);
        fact(
                "tasks",
                Figures.rate(watched.perSecond(worker.slot())) + " a second; " + Figures.count(worker.completed())
                        + " done and " + Figures.count(worker.failed()) + " failed in this place",
                lines);
        fact("restarts", Figures.count(worker.restarts()), lines);
    }

    private static String booted(Pulse.Worker worker) {
        return worker.bootMillis() == 0 ? "" : ", was ready after " + Figures.millis(worker.bootMillis());
    }

    private static String task(Pulse.Worker worker) {
        return worker.task() == null
                ? "nothing"
                : worker.task() + " for " + Figures.millis(worker.runMillis()) + ", task " + worker.taskId();
    }

    private void fact(String label, String text, List<AttributedString> lines) {
        lines.add(line().add(" " + Figures.padRight(label, LABEL), palette.faint())
                .add(text)
                .cut());
    }

    private Line line() {
        return new Line(palette, width);
    }
}
