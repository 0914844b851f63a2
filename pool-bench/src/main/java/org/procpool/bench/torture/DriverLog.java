package org.procpool.bench.torture;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.procpool.PoolSnapshot;
import org.procpool.task.DeathAccount;
import org.procpool.task.Outcome;

/**
 * What the program that drives the pool puts on file, one line each; read by {@link TortureVerifier} alone.
 *
 * <pre>
 * H WITNESSED KILLS WRAPPED-MIN                                      once: whether the handler keeps records
 * T NUMBER MAX-ATTEMPTS WAY                                          before a task is submitted
 * O NUMBER OUTCOME ATTEMPTS PID CRC32 BYTES                          its outcome, and the answer as it arrived
 * D WORKER PID WAY IN-FLIGHT RECOVERED WRAPPED RETURNED LOST         a death, with the pool's account of it
 * P ACCEPTED ENDED STUCK                                             once: the pool's own counts, and its alarms that
 *                                                                    tasks wait although workers are idle
 * </pre>
 *
 * <p>Any thread.
 */
final class DriverLog implements AutoCloseable {

    static final String FILE = "driver.log";

    private final BufferedWriter out;

    DriverLog(Path directory) throws IOException {
        out = Files.newBufferedWriter(directory.resolve(FILE), StandardCharsets.US_ASCII);
    }

    void head(TortureOptions options) {
        line("H " + (options.task() == null) + ' ' + options.kills() + ' ' + options.wrappedMin());
    }

    void submitted(long number, int attemptsMax, Way way) {
        line("T " + number + ' ' + attemptsMax + ' ' + way);
    }

    void ended(long number, Outcome outcome) {
        CRC32 sum = new CRC32();
        sum.update(outcome.payload().buffer());
        line("O " + number + ' ' + outcome.kind() + ' ' + outcome.attempts() + ' ' + outcome.workerPid() + ' '
                + Long.toHexString(sum.getValue()) + ' ' + outcome.payload().size());
    }

    void died(Death death) {
        DeathAccount account = death.account();
        line("D " + death.worker() + ' ' + death.pid() + ' ' + death.way() + ' ' + account.inFlight() + ' '
                + account.recovered() + ' ' + account.wrapped() + ' ' + account.returned() + ' ' + account.lost());
    }

    void counted(PoolSnapshot pool) {
        line("P " + pool.totals().accepted() + ' ' + pool.totals().ended() + ' ' + pool.stuckAlarms());
    }

    private synchronized void line(String text) {
        try {
            out.write(text);
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the record of the run", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
