package org.procpool.samples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.procpool.worker.TaskContext;

/** A context without a worker, for handlers that are tested as plain functions. */
final class FakeContext implements TaskContext {

    double lastFraction;
    boolean cancelled;

    @Override
    public long taskId() {
        return 1;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Optional<Duration> remainingRunTime() {
        return Optional.empty();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void progress(double fraction, String note) {
        lastFraction = fraction;
    }

    @Override
    public System.Logger logger() {
        return System.getLogger("test");
    }

    @Override
    public Path scratchDirectory() {
        throw new UnsupportedOperationException("no sample here needs a scratch directory");
    }

    @Override
    public void retireWorker() {
        throw new UnsupportedOperationException("no sample here retires its worker");
    }

    @Override
    public int payloadBytesMax() {
        return 1 << 20;
    }
}
