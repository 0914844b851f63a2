package org.procpool.cli;

import java.util.concurrent.TimeUnit;
import org.procpool.task.Durations;

/** Tells what the demo does, and keeps account of whether each step held. Not thread-safe. */
final class Story {

    private final Console console;
    private final long startedNanos = System.nanoTime();
    private int chapters;
    private int held;
    private int failed;

    Story(Console console) {
        this.console = console;
    }

    void chapter(String title) {
        chapters++;
        line((chapters == 1 ? "" : "\n") + chapters + ". " + title);
    }

    void tell(String text) {
        line("   " + text);
    }

    /** Says whether something is as it has to be. */
    void check(boolean holds, String text) {
        held += holds ? 1 : 0;
        failed += holds ? 0 : 1;
        line((holds ? "   ok      " : "   FAILED  ") + text);
    }

    /** The last line. */
    boolean end() {
        String time = Durations.format(elapsedNanos());
        line("\n" + (failed == 0 ? "All " + held + " checks held, in " + time + "." : failed + " checks FAILED."));
        return failed == 0;
    }

    long elapsedNanos() {
        return TimeUnit.MILLISECONDS.toNanos(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
    }

    private void line(String text) {
        console.print(text);
        console.flush();
    }
}
