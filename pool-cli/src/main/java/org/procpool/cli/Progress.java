package org.procpool.cli;

import java.util.concurrent.TimeUnit;
import org.procpool.cli.text.OneLine;
import org.procpool.task.Durations;

/** A line on the terminal that is written over as work goes on; nothing at all where there is no terminal. */
final class Progress {

    private static final int BAR_WIDTH = 30;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String CLEAR_LINE = "\r\033[K";

    private final Console console;
    private final String name;
    private final long startedNanos = System.nanoTime();
    private long shownNanos = startedNanos - PAUSE_NANOS;
    /** Whether the line is on the terminal now. Guarded by this, as is what else changes. */
    private boolean shown;

    Progress(Console console, String name) {
        this.console = console;
        this.name = name;
    }

    boolean visible() {
        return console.terminal();
    }

    /** Shows how far a single task is. */
    synchronized void fraction(double fraction, String note) {
        if (due()) {
            write(bar(fraction) + "  " + name + "  " + OneLine.of(note));
        }
    }

    /**
     * Shows how far a batch is.
     *
     * @param total 0 = not known
     */
    synchronized void count(long done, long failed, long total) {
        if (due()) {
            write(line(done, failed, total, System.nanoTime() - startedNanos));
        }
    }

    String line(long done, long failed, long total, long nanos) {
        double perSecond = nanos == 0 ? 0 : done * 1e9 / nanos;
        StringBuilder line = new StringBuilder();
        if (total > 0) {
            line.append(bar((double) done / total))
                    .append("  ")
                    .append(done)
                    .append('/')
                    .append(total);
        } else {
            line.append(done).append(" done");
        }
        line.append("  ").append(rate(perSecond));
        if (failed > 0) {
            line.append("  ").append(failed).append(" failed");
        }
        if (total > done && done > 0) {
            long left = (long) ((total - done) / perSecond * 1e9);
            line.append("  ").append(Durations.format(left)).append(" left");
        }
        return line.toString();
    }

    private static String rate(double perSecond) {
        return perSecond < 10 ? Math.round(perSecond * 10) / 10.0 + "/s" : Math.round(perSecond) + "/s";
    }

    static String bar(double fraction) {
        int filled = (int) Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
        return "[" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "] "
                + String.format("%3d%%", Math.round(Math.min(1, Math.max(0, fraction)) * 100));
    }

    private boolean due() {
        long now = System.nanoTime();
        if (!visible() || now - shownNanos < PAUSE_NANOS) {
            return false;
        }
        shownNanos = now;
        return true;
    }

    private void write(String line) {
        console.err().print(CLEAR_LINE + line);
        console.err().flush();
        shown = true;
    }

    /** Takes the line away, so that something else can be written. */
    synchronized void clear() {
        if (shown) {
            console.err().print(CLEAR_LINE);
            console.err().flush();
            shown = false;
        }
    }
}
