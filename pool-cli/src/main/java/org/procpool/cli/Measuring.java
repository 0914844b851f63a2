package org.procpool.cli;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.DoubleConsumer;
import org.procpool.bench.BenchException;

/** A measurement that takes its time: shows how far it is, and ends early on Ctrl-C. */
final class Measuring {

    private Measuring() {}

    /** What measures. */
    interface Body {

        /**
         * Gives the report.
         *
         * @param progress to be told the part that is done, 0 to 1
         */
        String run(DoubleConsumer progress) throws BenchException, IOException, InterruptedException;
    }

    /** The report, without its last line feed. */
    static String run(Console console, Body body) throws IOException {
        Thread here = Thread.currentThread();
        Signals.on("INT", here::interrupt);
        Signals.on("TERM", here::interrupt);
        Progress line = new Progress(console, "");
        try {
            return body.run(done -> line.fraction(done, "")).stripTrailing();
        } catch (BenchException e) {
            throw new CliException(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException | ClosedByInterruptException e) {
            throw new CliException(ExitCode.FAILED, "interrupted; nothing was measured", e);
        } finally {
            line.clear();
        }
    }
}
