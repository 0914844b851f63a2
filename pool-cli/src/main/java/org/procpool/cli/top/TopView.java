package org.procpool.cli.top;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jline.utils.AttributedString;

/** The whole screen as lines: what is common to all views, and the view between. Has no state of its own. */
final class TopView {

    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Palette palette;
    private final ZoneId zone;
    private final String address;

    TopView(Palette palette, ZoneId zone, String address) {
        this.palette = palette;
        this.zone = zone;
        this.address = address;
    }

    /** As many lines as the screen has, none wider than it. */
    List<AttributedString> lines(Watched watched, TopState state, int width, int height, long nowNanos) {
        List<AttributedString> lines = new ArrayList<>(height);
        lines.add(header(watched, width, nowNanos));
        int room = Math.max(0, height - 2);
        lines.addAll(body(watched, state, width, room));
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        lines.add(footer(watched, state, width));
        // On a screen of one line the footer is that line.
        return lines.subList(Math.max(0, lines.size() - height), lines.size());
    }

    private List<AttributedString> body(Watched watched, TopState state, int width, int room) {
        List<AttributedString> body = switch (state.view) {
            case OVERVIEW -> new Overview(palette, zone, watched, state, width).lines(room);
            case WORKER -> new WorkerView(palette, watched, state, width).lines(room);
            case DEATHS -> new ReportsView(palette, state, width).lines(room);
            case HELP -> HelpView.lines(palette, state, width, room);
        };
        return body.subList(0, Math.min(room, body.size()));
    }

    private AttributedString header(Watched watched, int width, long nowNanos) {
        Line line = new Line(palette, width).add(" procpool", palette.strong());
        Pulse pulse = watched.last();
        String state = pulse == null ? "connecting" : pulse.state();
        if (watched.lost() != null) {
            state = "lost";
        } else if (pulse != null && watched.silentNanos(nowNanos) > SILENT_NANOS) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(watched.silentNanos(nowNanos));
            state = "silent for " + seconds + "s";
        }
        line.add("  " + palette.dot() + " " + state, palette.state(state.startsWith("silent") ? "lost" : state));
        if (pulse == null) {
            return line.addIfFits(faint("  " + address, width)).cut();
        }
        if (pulse.paused()) {
            line.add(" paused", palette.warning());
        }
        if (pulse.rolling()) {
            line.add(" rolling restart", palette.warning());
        }
        line.addIfFits(faint("  " + address, width));
        Line all =
                faint(pulse.version() + "  " + pulse.routing() + "  up " + Figures.millis(pulse.uptimeMillis()), width);
        Line some = faint("up " + Figures.millis(pulse.uptimeMillis()), width);
        boolean fits = line.columns() + 3 + all.columns() <= width;
        return line.right((fits ? all : some).add(" ")).cut();
    }

    private Line faint(String text, int width) {
        return new Line(palette, width).add(text, palette.faint());
    }

    private AttributedString footer(Watched watched, TopState state, int width) {
        Line line = new Line(palette, width).add(" ");
        if (state.asked != 0) {
            return line.add("Replace worker " + state.asked + " after its task? ", palette.warning())
                    .add("y", palette.strong())
                    .add("es, any other key: no")
                    .cut();
        }
        String lost = watched.lost();
        if (lost != null) {
            return line.add("trying again: " + lost, palette.bad()).cut();
        }
        if (!state.notice.isEmpty()) {
            return line.add(state.notice, state.noticeIsBad ? palette.bad() : palette.good())
                    .cut();
        }
        for (String[] key : keys(state)) {
            line.addIfFits(
                    new Line(palette, width).add(key[0], palette.strong()).add(" " + key[1] + "  ", palette.faint()));
        }
        return line.cut();
    }

    private List<String[]> keys(TopState state) {
        String[] quit = {"q", "quit"};
        String[] back = {"esc", "back"};
        String[] scroll = {palette.arrows(), "scroll"};
        return switch (state.view) {
            case OVERVIEW ->
                List.of(
                        quit,
                        new String[] {palette.arrows(), "select"},
                        new String[] {"enter", "inspect"},
                        new String[] {"r", "restart"},
                        new String[] {"s", "sort"},
                        new String[] {"d", "deaths"},
                        new String[] {"?", "help"});
            case WORKER -> List.of(quit, back, scroll, new String[] {"r", "restart"}, new String[] {"?", "help"});
            case DEATHS, HELP -> List.of(quit, back, scroll);
        };
    }
}
