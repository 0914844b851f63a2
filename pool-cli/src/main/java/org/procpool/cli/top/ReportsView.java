package org.procpool.cli.top;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** The reports of dead workers, as the service wrote them, to scroll through. */
final class ReportsView {

    private final Palette palette;
    private final TopState state;
    private final int width;

    ReportsView(Palette palette, TopState state, int width) {
        this.palette = palette;
        this.state = state;
        this.width = width;
    }

    /** Those of all places. */
    List<AttributedString> lines(int room) {
        return scrolled(text(0), room);
    }

    /**
     * The reports, one after the other.
     *
     * @param slot of which place; 0 = of all
     */
    List<AttributedString> text(int slot) {
        List<TopState.Report> reports = state.reports;
        if (reports == null) {
            return List.of(
                    line().add(" asking for the reports", palette.faint()).cut());
        }
        List<AttributedString> lines = new ArrayList<>();
        for (TopState.Report report : reports) {
            if (slot == 0 || report.slot() == slot) {
                add(report, lines);
            }
        }
        return lines.isEmpty()
                ? List.of(line().add(" there are no reports of dead workers here", palette.faint())
                        .cut())
                : lines;
    }

    private void add(TopState.Report report, List<AttributedString> lines) {
        if (!lines.isEmpty()) {
            lines.add(AttributedString.EMPTY);
        }
        boolean first = true;
        for (String text : report.lines()) {
            lines.addAll(folded(text, first ? palette.strong() : palette.plain()));
            first = false;
        }
    }

    /** A long line goes on in the next one: a report is there to be read as a whole. */
    private List<AttributedString> folded(String text, AttributedStyle style) {
        List<AttributedString> lines = new ArrayList<>();
        for (AttributedString part : new AttributedString(text).columnSplitLength(Math.max(1, width - 1))) {
            lines.add(line().add(" " + part, style).cut());
        }
        return lines.isEmpty() ? List.of(AttributedString.EMPTY) : lines;
    }

    /** As much as there is room for, as far down as somebody has scrolled. */
    List<AttributedString> scrolled(List<AttributedString> text, int room) {
        state.fits(text.size(), room);
        return text.subList(state.scroll, Math.min(text.size(), state.scroll + Math.max(0, room)));
    }

    private Line line() {
        return new Line(palette, width);
    }
}
