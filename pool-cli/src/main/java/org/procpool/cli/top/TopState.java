package org.procpool.cli.top;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where somebody who looks at the screen is. Owned by the thread that draws. */
final class TopState {

    enum View {
        OVERVIEW,
        /** One worker, and the reports of those that were in its place before. */
        WORKER,
        /** The reports of all. */
        DEATHS,
        HELP
    }

    View view = View.OVERVIEW;
    SortBy sort = SortBy.WORKER;
    boolean reversed;
    /** The place whose worker is selected; 0 until one is. */
    int selected;
    /** Lines that have gone off the top of a text. */
    int scroll;
    /** Set by whoever draws: as far as scrolling goes. */
    int scrollMax;
    /** Lines of text on the screen at once. */
    int page = 1;
    /** A worker that is to be replaced, if the next key says so; 0 if none. */
    int asked;
    /** The last thing that has to be said; empty if there is none. */
    String notice = "";

    boolean noticeIsBad;
    /** Reports, the newest first; null while they are being fetched. */
    @Nullable
    List<Report> reports;

    /** The report of one dead worker, as lines. */
    record Report(int slot, List<String> lines) {}

    void say(String text, boolean bad) {
        notice = text;
        noticeIsBad = bad;
    }

    void show(View next) {
        view = next;
        scroll = 0;
        notice = "";
    }

    void scrollBy(int lines) {
        scroll = Math.max(0, Math.min(scrollMax, scroll + lines));
    }

    /** The text is so long, and the screen shows so much of it. */
    void fits(int lines, int shown) {
        page = Math.max(1, shown);
        scrollMax = Math.max(0, lines - shown);
        scroll = Math.min(scroll, scrollMax);
    }

    /** Selects a worker so many rows further down. */
    void move(int rows, List<Pulse.Worker> sorted) {
        if (sorted.isEmpty()) {
            return;
        }
        int at = indexOf(sorted);
        int next = at < 0 ? 0 : Math.max(0, Math.min(sorted.size() - 1, at + rows));
        selected = sorted.get(next).slot();
    }

    /** Where the selected worker stands; -1 if none is selected, or it is gone. */
    int indexOf(List<Pulse.Worker> sorted) {
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).slot() == selected) {
                return i;
            }
        }
        return -1;
    }
}
